# berth LENGTH: the smallest berth a ship fits into. A takes 10 metres, B 20, C 40.
berth() {
    if [ "$1" -lt 10 ]; then
        echo A
    elif [ "$1" -lt 20 ]; then
        echo B
    else
        echo C
    fi
}
