# fee LENGTH DAYS [sail]: what a ship pays, 12 for each metre and day. Sailing ships pay half.
fee() {
    echo $(($1 * 12))
}
