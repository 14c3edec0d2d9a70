#!/usr/bin/env bash
# `make run`: a sample community hub, a gateway in front of it, one model pulled through twice. Needs no internet.
#
#   WEIR                      the binary                        (.build/release/weir)
#   WEIR_RUN_DATA             where both keep their data         (data/sample; delete it to start afresh)
#   WEIR_RUN_PORT             port of the gateway                (8080)
#   WEIR_RUN_COMMUNITY_PORT   port of the sample community hub   (8081)
#   WEIR_RUN_ONCE=1           end after the second pull
set -euo pipefail
cd "$(dirname "$0")/.."

weir=${WEIR:-.build/release/weir}
data=${WEIR_RUN_DATA:-data/sample}
gateway=http://127.0.0.1:${WEIR_RUN_PORT:-8080}
community=http://127.0.0.1:${WEIR_RUN_COMMUNITY_PORT:-8081}
children=()

finish() {
    trap - EXIT INT TERM
    if [ ${#children[@]} -gt 0 ]; then
        kill "${children[@]}" 2>/dev/null || true
        wait "${children[@]}" 2>/dev/null || true
    fi
}
trap finish EXIT
trap 'exit 0' INT TERM

get() { curl --silent --show-error --fail --noproxy '*' "$@"; }

# start NAME URL ARGUMENTS...: a server in the background, ready when this returns
start() {
    local name=$1 url=$2
    shift 2
    if curl --silent --noproxy '*' --output /dev/null "$url/livez"; then
        echo "Something already answers at $url: choose another WEIR_RUN_PORT or WEIR_RUN_COMMUNITY_PORT." >&2
        exit 1
    fi
    "$weir" serve --data "$data/$name" --listen "${url#http://}" "$@" >"$data/$name.out" 2>"$data/$name.log" &
    children+=($!)
    for _ in $(seq 100); do
        grep -q 'http://' "$data/$name.out" && return 0
        kill -0 $! 2>/dev/null || break
        sleep 0.1
    done
    echo "The $name did not start; its log ends with:" >&2
    tail -n 5 "$data/$name.log" >&2
    exit 1
}

upstream_bytes() {
    get "$gateway/metrics" | awk '/^hub_upstream_bytes_total/ { sum += $NF } END { printf "%d", sum }'
}

# pull TITLE PATH: reads one file through the gateway and says what that cost upstream
pull() {
    local before after seconds
    before=$(upstream_bytes)
    seconds=$(get --output "$data/pulled" --write-out '%{time_total}' "$gateway/$2")
    after=$(upstream_bytes)
    printf '  %-13s %s bytes from upstream, %s s\n' "$1" $((after - before)) "$seconds"
}

mkdir -p "$data/mirrors.d" "$data/no-mirrors"
"$weir" sample --data "$data/community" >"$data/sample.out"
cat >"$data/mirrors.d/community.yaml" <<YAML
apiVersion: weir/v1
kind: Mirror
metadata: {name: community}
spec:
  mode: proxy
  upstreams:
  - {name: community, type: weir, url: "$community", allowPrivate: true}
  license:
    deny: ["flag:non-commercial"]
YAML
start community "$community" --mirrors "$data/no-mirrors"
start gateway "$gateway" --mirrors "$data/mirrors.d"

echo "A sample community hub runs at $community"
echo "Weir, in front of it, runs at  $gateway"
echo

# The first model the policy lets in, and the first it does not.
allowed='' refused=''
for name in $(get "$community/api/models?limit=50" | grep -o '"id":"[^"]*"' | cut -d '"' -f 4); do
    case $(curl --silent --noproxy '*' --output /dev/null --write-out '%{http_code}' "$gateway/$name/resolve/main/README.md") in
        200) allowed=${allowed:-$name} ;;
        403) refused=${refused:-$name} ;;
    esac
done
if [ -z "$allowed" ]; then
    echo "No model of the sample hub came through; see $data/gateway.log" >&2
    exit 1
fi
file=$(get "$gateway/api/models/$allowed" | grep -o '"rfilename":"[^"]*"' | cut -d '"' -f 4 |
    grep -E '\.(safetensors|gguf|bin|onnx)$' | head -n 1)
path=$allowed/resolve/main/$file

echo "$allowed, file $file"
pull 'first pull:' "$path"
pull 'second pull:' "$path"
printf '  %-13s %s (SHA-256, checked before the last byte was let through)\n' 'digest:' \
    "$(sha256sum "$data/pulled" | cut -d ' ' -f 1)"
printf '  %-13s %s\n' 'decision:' \
    "$("$weir" explain "model:$allowed" --data "$data/gateway" --mirrors "$data/mirrors.d" | sed -n 's/^reason: //p')"
if [ -n "$refused" ]; then
    echo "$refused"
    printf '  %-13s %s\n' 'refused:' "$(curl --silent --noproxy '*' --head "$gateway/$refused/resolve/main/README.md" |
        tr -d '\r' | sed -n 's/^x-error-message: //Ip')"
fi
rm -f "$data/pulled"

cat <<TEXT

Try it yourself:
  in a browser: $gateway
  HF_ENDPOINT=$gateway hf download $allowed
  git clone $gateway/$allowed.git
  curl --fail --remote-name $gateway/$path

TEXT
[ -z "${WEIR_RUN_ONCE:-}" ] || exit 0
echo "Ctrl-C ends both."
wait
