# tide HOUR: rising, high, falling or low. The tide comes twice a day.
tide() {
    case $(($1 % 24)) in
        0 | 1 | 2) echo rising ;;
        3 | 4 | 5) echo high ;;
        6 | 7 | 8) echo falling ;;
        *) echo low ;;
    esac
}
