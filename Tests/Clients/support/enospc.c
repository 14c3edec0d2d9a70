/* A disk that is full while a flag file exists: preload it, name the folder and the flag.
 *   gcc -shared -fPIC -O1 -o enospc.so enospc.c -ldl
 *   DISK_FOLDER=/data DISK_FULL_FLAG=/tmp/full LD_PRELOAD=./enospc.so weir serve ...
 * Every write and every allocation to a file below the folder then fails with ENOSPC; reads go on. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static int full(int fd) {
    const char *flag = getenv("DISK_FULL_FLAG"), *folder = getenv("DISK_FOLDER");
    char link[64], path[PATH_MAX];
    struct stat info;
    ssize_t length;
    if (!flag || !folder || access(flag, F_OK) != 0) return 0;
    /* A pipe or a socket is no file of a full disk. */
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return strncmp(path, folder, strlen(folder)) == 0;
}

#define NEXT(name, type) static __typeof__(type) next; if (!next) next = (__typeof__(type))dlsym(RTLD_NEXT, name)

ssize_t write(int fd, const void *bytes, size_t count) {
    NEXT("write", ssize_t (*)(int, const void *, size_t));
    if (full(fd)) { errno = ENOSPC; return -1; }
    return next(fd, bytes, count);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    NEXT("writev", ssize_t (*)(int, const struct iovec *, int));
    if (full(fd)) { errno = ENOSPC; return -1; }
    return next(fd, parts, count);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) {
    NEXT("pwrite", ssize_t (*)(int, const void *, size_t, off_t));
    if (full(fd)) { errno = ENOSPC; return -1; }
    return next(fd, bytes, count, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
    NEXT("pwrite64", ssize_t (*)(int, const void *, size_t, off64_t));
    if (full(fd)) { errno = ENOSPC; return -1; }
    return next(fd, bytes, count, offset);
}

int posix_fallocate(int fd, off_t offset, off_t length) {
    NEXT("posix_fallocate", int (*)(int, off_t, off_t));
    if (full(fd)) return ENOSPC;
    return next(fd, offset, length);
}

int fallocate(int fd, int mode, off_t offset, off_t length) {
    NEXT("fallocate", int (*)(int, int, off_t, off_t));
    if (full(fd)) { errno = ENOSPC; return -1; }
    return next(fd, mode, offset, length);
}
