#pragma once
#include <git2.h>

// git_libgit2_opts is variadic, which Swift does not import: one typed inline for each argument shape in use.
static inline int hub_git_option_int(int option, int value) { return git_libgit2_opts(option, value); }
static inline int hub_git_option_size(int option, size_t value) { return git_libgit2_opts(option, value); }
static inline int hub_git_option_search_path(int level, const char *path) {
    return git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, path);
}

// Swift's Glibc module lacks syncfs, which is declared for _GNU_SOURCE only. Returns -1 where there is none.
#if defined(__linux__)
extern int syncfs(int descriptor);
static inline int hub_git_sync_filesystem(int descriptor) { return syncfs(descriptor); }
#else
static inline int hub_git_sync_filesystem(int descriptor) { (void)descriptor; return -1; }
#endif
