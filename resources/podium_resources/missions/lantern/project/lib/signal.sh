# blink COUNT: the light's pattern, a long flash for each count.
blink() {
    pattern=""
    flashes=0
    while [ "$flashes" -lt "$1" ]; do
        pattern="$pattern-"
        flashes=$((flashes + 1))
    done
    echo "$pattern"
}

# colour BEARING: green seen from starboard (0 to 179 degrees), red seen from port.
colour() {
    if [ "$1" -lt 180 ]; then
        echo green
    else
        echo red
    fi
}
