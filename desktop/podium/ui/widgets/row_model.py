"""A list of rows that are set all at once, for lists with headings among what can be chosen."""

from collections.abc import Sequence
from typing import Final, Generic, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

ROW_ROLE: Final = Qt.ItemDataRole.UserRole + 1
"""The row itself, for whoever paints it."""

Row = TypeVar("Row")


class RowModel(QAbstractListModel, Generic[Row]):
    """What kinds of rows there are, how they read and whether they can be chosen is said by who derives from it."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: Sequence[Row] = ()

    def set_rows(self, rows: Sequence[Row]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)
