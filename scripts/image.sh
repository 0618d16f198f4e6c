#!/usr/bin/env bash
# Builds the image of the steps with docker, podman or buildah, whichever works.
#
#   BASE=         base image, by default the one that the Dockerfile names
#   TAG=          name of the image, pipegen:latest by default
#   TARGET=       full (the default), or slim: without dbt
#   ARCHIVE=      also saves the image into this file, as `docker load` and `ctr images import` read it
#   PUSH=1        pushes it to the repository that the spec names (or to REPOSITORY=), under the commit's name, and
#                 writes its digest to image.digest (image-slim.digest for slim), or to DIGEST_FILE=
#   TLS_VERIFY=   false for a registry without TLS (podman and buildah)
#   SOURCE=       where the source is, for the label; git's origin by default
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
# Not by the Dockerfile: buildah takes a LABEL with an argument from its cache whatever the argument is.
label() { # NAME VALUE
  arguments+=(--label "org.opencontainers.image.$1=$2")
}
label version "$(node -p 'require("./package.json").version')"
if revision=$(git rev-parse HEAD 2>/dev/null); then label revision "$revision"; fi
source=${SOURCE:-$(git remote get-url origin 2>/dev/null || true)}
# A path of this machine, or an address with a password in it, is nobody's business.
case $source in '' | /* | *://*@*) ;; *) label source "$source" ;; esac
ca=${CA:-${SSL_CERT_FILE:-}}
[ -z "$ca" ] || arguments+=(--secret "id=ca,src=$ca")
# The time of the last commit, for every file that the build writes: two builds of one commit are one image.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || echo 0)
export SOURCE_DATE_EPOCH

case $tool in
  docker) DOCKER_BUILDKIT=1 docker build "${arguments[@]}" --build-arg "SOURCE_DATE_EPOCH=$SOURCE_DATE_EPOCH" . ;;
  podman | buildah)
    options=(--layers --timestamp "$SOURCE_DATE_EPOCH" --network host)
    [ -z "${ISOLATION:-}" ] || options+=(--isolation "$ISOLATION")
    # Where raising limits is not allowed, crun, which podman takes by itself, does not start.
    if command -v runc >/dev/null; then options+=(--runtime "$(command -v runc)"); fi
    "$tool" build "${options[@]}" "${arguments[@]}" .
    ;;
esac

if [ -n "${ARCHIVE:-}" ]; then
  rm -f "$ARCHIVE"
  case $tool in
    docker) docker save --output "$ARCHIVE" "$tag" ;;
    podman) podman save --quiet --format docker-archive --output "$ARCHIVE" "$tag" >/dev/null ;;
    buildah) buildah push --quiet "$tag" "docker-archive:$ARCHIVE:$tag" ;;
  esac
  echo "image: saved to $ARCHIVE"
fi

[ -n "${PUSH:-}" ] || exit 0
repository=${REPOSITORY:-$(node scripts/image/repository.ts)}
version=$(git rev-parse --short=12 HEAD 2>/dev/null || echo latest)
reference=$repository:$version
[ "$target" = full ] || reference=$reference-$target
case $tool in
  docker)
    docker tag "$tag" "$reference"
    docker push "$reference"
    digest=$(docker image inspect --format '{{range .RepoDigests}}{{println .}}{{end}}' "$reference" |
      sed -n "s#^$repository@##p" | head -n 1)
    ;;
  podman | buildah)
    file=$(mktemp)
    trap 'rm -f "$file"' EXIT
    "$tool" push --digestfile "$file" ${TLS_VERIFY:+--tls-verify="$TLS_VERIFY"} "$tag" "docker://$reference"
    digest=$(cat "$file")
    ;;
esac
case $digest in sha256:*) ;; *) fail "$reference was pushed, and $tool does not say its digest." ;; esac
digest_file=${DIGEST_FILE:-image.digest}
[ "$target" = full ] || digest_file=${DIGEST_FILE:-image-$target.digest}
echo "$digest" >"$digest_file"
echo "image: $repository@$digest is in $digest_file; run \`npx pipegen build\` to put it into the DAGs"
