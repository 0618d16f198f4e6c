#!/usr/bin/env bash
# Builds the image of the steps with docker, podman or buildah, whichever works.
#
#   BASE=         base image, by default the one that the Dockerfile names
#   TAG=          name of the image, pipegen:latest by default
#   TARGET=       full (the default), or slim: without dbt
#   ARCHIVE=      also saves the image into this file, as `docker load` and `ctr images import` read it
#   PUSH=1        pushes it to the repository that the spec names (or to REPOSITORY=) and writes image.digest
#   DIGEST_FILE=  where the pushed image's digest goes instead
#   CA=           certificates for what the build downloads; SSL_CERT_FILE, where it is set
set -euo pipefail

fail() {
  printf 'image: %s\n' "$1" >&2
  exit 1
}

cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/image/container-tool.sh
tool=$(container_tool) || fail "$NO_CONTAINER_TOOL"

target=${TARGET:-full}
tag=${TAG:-pipegen:latest}
case $target in full | slim) ;; *) fail "TARGET is $target: it is full or slim." ;; esac

arguments=(--file Dockerfile --target "$target" --tag "$tag")
[ -z "${BASE:-}" ] || arguments+=(--build-arg "BASE=$BASE")
for name in NPM_CONFIG_REGISTRY PIP_INDEX_URL; do
  [ -z "${!name:-}" ] || arguments+=(--build-arg "$name=${!name}")
done
arguments+=(--build-arg "VERSION=$(node -p 'require("./package.json").version')")
if revision=$(git rev-parse HEAD 2>/dev/null); then arguments+=(--build-arg "REVISION=$revision"); fi
if source=$(git remote get-url origin 2>/dev/null); then
  case $source in https://*@* | /* | *..*) ;; *) arguments+=(--build-arg "SOURCE=$source") ;; esac
fi
ca=${CA:-${SSL_CERT_FILE:-}}
[ -z "$ca" ] || arguments+=(--secret "id=ca,src=$ca")
# The time of the last commit, for every file that the build writes: two builds of one commit are one image.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || echo 0)
export SOURCE_DATE_EPOCH

case $tool in
  docker) DOCKER_BUILDKIT=1 docker build "${arguments[@]}" --build-arg "SOURCE_DATE_EPOCH=$SOURCE_DATE_EPOCH" . ;;
  podman | buildah)
    # Where raising limits is not allowed, the default runtime of podman does not start; runc does.
    options=(--layers --timestamp "$SOURCE_DATE_EPOCH" --network host)
    [ -z "${ISOLATION:-}" ] || options+=(--isolation "$ISOLATION")
    if command -v runc >/dev/null; then options+=(--runtime "$(command -v runc)"); fi
    "$tool" build "${options[@]}" "${arguments[@]}" .
    ;;
esac
