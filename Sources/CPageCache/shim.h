// Whether a byte of a file is in memory: a flag of preadv2(2), which Swift's view of the C library does not have.
#ifndef WEIR_CPAGECACHE_H
#define WEIR_CPAGECACHE_H

#include <errno.h>
#include <linux/fs.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/// Whether the byte at an offset can be read without waiting for a disk; false where the kernel cannot tell.
static inline bool page_cache_has(int descriptor, int64_t offset) {
    char byte;
    struct iovec place = {&byte, 1};
    int kept = errno;
    long count = syscall(SYS_preadv2, descriptor, &place, 1L, (long)offset, 0L, (long)RWF_NOWAIT);
    errno = kept;
    return count == 1;
}

#endif
