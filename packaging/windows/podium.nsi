; The installer for Windows: for one person, without administrator's rights, over an older version in place.
;   makensis -DVERSION=0.1.0 -DSTAGE=FOLDER -DOUTPUT=FILE.exe -DICON=FILE.ico podium.nsi
; STAGE is the frozen folder: podium.exe, podium-console.exe, _internal, and the texts that go with them.
; Silent: FILE.exe /S [/DESKTOP=1] [/D=FOLDER]; exit code 0, or 2 while Podium runs.

Unicode true
ManifestDPIAware true
!include MUI2.nsh
!include LogicLib.nsh
!include FileFunc.nsh

!define CLASSES "Software\Classes"
!define MISSION "Podium.Mission"
; Windows goes by what follows the last dot, so mission and workspace files are .toml with a condition on their names.
!define VERB "${CLASSES}\SystemFileAssociations\.toml\shell\Podium"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\Podium"

Name "Podium"
OutFile "${OUTPUT}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\Podium"
InstallDirRegKey HKCU "${UNINSTALL}" "InstallLocation"
!ifndef FAST
  SetCompressor /SOLID lzma
!endif

VIProductVersion "${VERSION}.0"
VIAddVersionKey ProductName "Podium"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey FileDescription "Podium's installer"
VIAddVersionKey LegalCopyright "The Podium developers, MIT licence"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_FINISHPAGE_RUN "$INSTDIR\podium.exe"
!define MUI_FINISHPAGE_RUN_TEXT "Open Podium"
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

; A program that runs can't be opened for writing.
!macro NeedPodiumClosed UN
Function ${UN}NeedPodiumClosed
  ${DoWhile} ${FileExists} "$INSTDIR\podium.exe"
    ClearErrors
    FileOpen $0 "$INSTDIR\podium.exe" a
    ${IfNot} ${Errors}
      FileClose $0
      ${ExitDo}
    ${EndIf}
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "Podium is running. Quit it, then press Retry." /SD IDCANCEL IDRETRY again
    SetErrorLevel 2
    Quit
    again:
  ${Loop}
FunctionEnd
!macroend
!insertmacro NeedPodiumClosed ""
!insertmacro NeedPodiumClosed "un."

; Only what an installer put there: whoever chose a folder of their own keeps what else is in it.
!macro RemoveProgram
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\podium.exe"
  Delete "$INSTDIR\podium-console.exe"
  Delete "$INSTDIR\LICENSE.txt"
  Delete "$INSTDIR\CHANGELOG.md"
  Delete "$INSTDIR\THIRD-PARTY-NOTICES.txt"
!macroend

Section "Podium" SEC_PROGRAM
  SectionIn RO
  Call NeedPodiumClosed
  !insertmacro RemoveProgram
  SetOutPath "$INSTDIR"
  File /r "${STAGE}/*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\Podium.lnk" "$INSTDIR\podium.exe"

  WriteRegStr HKCU "${CLASSES}\${MISSION}" "" "Podium mission or workspace"
  WriteRegStr HKCU "${CLASSES}\${MISSION}\DefaultIcon" "" "$INSTDIR\podium.exe,0"
  WriteRegStr HKCU "${CLASSES}\${MISSION}\shell\open\command" "" '"$INSTDIR\podium.exe" open "%1"'
  WriteRegStr HKCU "${CLASSES}\.toml\OpenWithProgids" "${MISSION}" ""
  WriteRegStr HKCU "${VERB}" "" "Open in Podium"
  WriteRegStr HKCU "${VERB}" "Icon" "$INSTDIR\podium.exe,0"
  WriteRegStr HKCU "${VERB}" "AppliesTo" 'System.FileName:~>".mission.toml" OR System.FileName:="mission.toml" OR System.FileName:~>".podium.toml"'
  WriteRegStr HKCU "${VERB}\command" "" '"$INSTDIR\podium.exe" open "%1"'

  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "Podium"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\podium.exe,0"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "The Podium developers"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" $0
  ${RefreshShellIcons}
SectionEnd

Section /o "Link on the desktop" SEC_DESKTOP
  CreateShortcut "$DESKTOP\Podium.lnk" "$INSTDIR\podium.exe"
SectionEnd

LangString TEXT_PROGRAM ${LANG_ENGLISH} "The program, its entry in the Start menu, and “Open in Podium” for mission and workspace files."
LangString TEXT_DESKTOP ${LANG_ENGLISH} "Opens Podium from the desktop."
!insertmacro MUI_FUNCTION_DESCRIPTION_BEGIN
  !insertmacro MUI_DESCRIPTION_TEXT ${SEC_PROGRAM} $(TEXT_PROGRAM)
  !insertmacro MUI_DESCRIPTION_TEXT ${SEC_DESKTOP} $(TEXT_DESKTOP)
!insertmacro MUI_FUNCTION_DESCRIPTION_END

Function .onInit
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/DESKTOP=" $1
  ${If} $1 == "1"
    !insertmacro SelectSection ${SEC_DESKTOP}
  ${EndIf}
FunctionEnd

; Settings, history and what instances work on stay.
Section "Uninstall"
  Call un.NeedPodiumClosed
  !insertmacro RemoveProgram
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\Podium.lnk"
  Delete "$DESKTOP\Podium.lnk"
  DeleteRegKey HKCU "${CLASSES}\${MISSION}"
  DeleteRegValue HKCU "${CLASSES}\.toml\OpenWithProgids" "${MISSION}"
  DeleteRegKey /ifempty HKCU "${CLASSES}\.toml\OpenWithProgids"
  DeleteRegKey /ifempty HKCU "${CLASSES}\.toml"
  DeleteRegKey HKCU "${VERB}"
  DeleteRegKey /ifempty HKCU "${CLASSES}\SystemFileAssociations\.toml\shell"
  DeleteRegKey /ifempty HKCU "${CLASSES}\SystemFileAssociations\.toml"
  DeleteRegKey HKCU "${UNINSTALL}"
  ${RefreshShellIcons}
SectionEnd
