# Sourced: which of docker, podman and buildah works here, which is more than being installed.

NO_CONTAINER_TOOL='no container tool works here: docker (with its engine running), podman or buildah is needed.'

container_tool() { # prints its name
  local tool
  for tool in ${CONTAINER_TOOL:-docker podman buildah}; do
    command -v "$tool" >/dev/null && "$tool" info >/dev/null 2>&1 && echo "$tool" && return
  done
  return 1
}
