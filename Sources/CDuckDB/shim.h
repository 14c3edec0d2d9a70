// What of DuckDB's C interface is used, as types alone: the library is found and loaded at run time, and nothing of it is
// needed to build. Names and layouts are those of duckdb.h 1.x; also how a process gives up what it may do.
#ifndef WEIR_CDUCKDB_H
#define WEIR_CDUCKDB_H

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <spawn.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef uint64_t duck_idx;

typedef struct {
    duck_idx column_count;
    duck_idx row_count;
    duck_idx rows_changed;
    void *columns;
    char *error_message;
    void *internal_data;
} duck_result;

typedef struct { uint32_t length; char prefix[4]; const char *pointer; } duck_string_pointer;
typedef struct { uint64_t offset; uint64_t length; } duck_list_entry;
typedef struct { int32_t months; int32_t days; int64_t micros; } duck_interval;
typedef struct { uint64_t lower; int64_t upper; } duck_hugeint;

typedef int32_t (*duck_open_ext)(const char *path, void **database, void *config, char **error);
typedef int32_t (*duck_create_config)(void **config);
typedef int32_t (*duck_set_config)(void *config, const char *name, const char *option);
typedef void (*duck_release)(void **object);
typedef int32_t (*duck_connect)(void *database, void **connection);
typedef void (*duck_interrupt)(void *connection);
typedef int32_t (*duck_query)(void *connection, const char *query, duck_result *result);
typedef void (*duck_destroy_result)(duck_result *result);
typedef const char *(*duck_result_error)(duck_result *result);
typedef int32_t (*duck_result_error_type)(duck_result *result);
typedef duck_idx (*duck_extract_statements)(void *connection, const char *query, void **statements);
typedef const char *(*duck_extract_error)(void *statements);
typedef int32_t (*duck_prepare_extracted)(void *connection, void *statements, duck_idx index, void **prepared);
typedef int32_t (*duck_prepare)(void *connection, const char *query, void **prepared);
typedef const char *(*duck_prepare_error)(void *prepared);
typedef int32_t (*duck_statement_type)(void *prepared);
typedef int32_t (*duck_bind_varchar)(void *prepared, duck_idx index, const char *value, duck_idx length);
typedef int32_t (*duck_bind_int64)(void *prepared, duck_idx index, int64_t value);
typedef int32_t (*duck_bind_double)(void *prepared, duck_idx index, double value);
typedef int32_t (*duck_bind_boolean)(void *prepared, duck_idx index, bool value);
typedef int32_t (*duck_bind_null)(void *prepared, duck_idx index);
typedef int32_t (*duck_execute)(void *prepared, duck_result *result);
typedef void *(*duck_fetch_chunk)(duck_result result);
typedef duck_idx (*duck_column_count)(duck_result *result);
typedef const char *(*duck_column_name)(duck_result *result, duck_idx column);
typedef void *(*duck_column_type)(duck_result *result, duck_idx column);
typedef duck_idx (*duck_chunk_size)(void *chunk);
typedef void *(*duck_child)(void *object, duck_idx index);
typedef void *(*duck_part)(void *object);
typedef uint64_t *(*duck_validity)(void *vector);
typedef int32_t (*duck_type_id)(void *type);
typedef uint8_t (*duck_byte_of_type)(void *type);
typedef duck_idx (*duck_count_of_type)(void *type);
typedef char *(*duck_text_of_type)(void *type);
typedef char *(*duck_text_of_child)(void *type, duck_idx index);
typedef void (*duck_free)(void *pointer);
typedef const char *(*duck_version)(void);

// Table functions: rows that this process makes for the engine.
typedef void (*duck_callback)(void *info);
typedef void (*duck_rows_callback)(void *info, void *chunk);
typedef void (*duck_delete_callback)(void *data);
typedef void *(*duck_make)(void);
typedef void (*duck_set_text)(void *object, const char *text);
typedef void (*duck_set_data)(void *object, void *data, duck_delete_callback release);
typedef void (*duck_set_callback)(void *object, duck_callback callback);
typedef void (*duck_set_rows_callback)(void *object, duck_rows_callback callback);
typedef void (*duck_set_flag)(void *object, bool flag);
typedef int32_t (*duck_register)(void *connection, void *function);
typedef void (*duck_add_column)(void *info, const char *name, void *type);
typedef duck_idx (*duck_count_of_object)(void *object);
typedef duck_idx (*duck_index_of_object)(void *object, duck_idx index);
typedef void (*duck_act)(void *object);
typedef void (*duck_set_count)(void *object, duck_idx count);
typedef int32_t (*duck_try_count)(void *object, duck_idx count);
typedef void (*duck_assign)(void *vector, duck_idx index, const char *text, duck_idx length);
typedef void *(*duck_create_type)(int32_t type);
typedef void *(*duck_create_of_one)(void *type);
typedef void *(*duck_create_of_two)(void *first, void *second);
typedef void *(*duck_create_structure)(void **types, char **names, duck_idx count);
typedef void *(*duck_create_decimal)(uint8_t width, uint8_t scale);

// GNU's own, which are hidden without _GNU_SOURCE.
extern int pipe2(int *descriptors, int flags);
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);

/// This process and its children gain no rights any more.
static inline int weir_no_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }

/// It is not traced and dumps nothing.
static inline int weir_not_dumpable(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

#if defined(__x86_64__)
#define WEIR_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define WEIR_ARCH AUDIT_ARCH_AARCH64
#endif

#define WEIR_DENY(name) \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_##name, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)

/// No sockets, no programs, no other processes, no mounts, no modules: what reads tables needs none of them.
static inline int weir_deny_calls(void) {
#ifdef WEIR_ARCH
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, WEIR_ARCH, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
#if defined(__x86_64__)
        // The x32 numbers of the same calls.
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        WEIR_DENY(fork), WEIR_DENY(vfork), WEIR_DENY(symlink), WEIR_DENY(link), WEIR_DENY(rename), WEIR_DENY(unlink),
        WEIR_DENY(rmdir), WEIR_DENY(mkdir), WEIR_DENY(chmod), WEIR_DENY(chown), WEIR_DENY(mknod),
        WEIR_DENY(readlink),
#endif
        // The engine resolves the names it is given, and its settings would tell where the files of descriptors lie.
        WEIR_DENY(readlinkat),
        WEIR_DENY(socket), WEIR_DENY(socketpair), WEIR_DENY(connect), WEIR_DENY(bind), WEIR_DENY(listen),
        WEIR_DENY(execve), WEIR_DENY(execveat), WEIR_DENY(ptrace), WEIR_DENY(process_vm_readv),
        WEIR_DENY(process_vm_writev), WEIR_DENY(kill), WEIR_DENY(mount), WEIR_DENY(umount2), WEIR_DENY(chroot),
        WEIR_DENY(setns), WEIR_DENY(unshare), WEIR_DENY(bpf), WEIR_DENY(keyctl), WEIR_DENY(init_module),
        WEIR_DENY(finit_module), WEIR_DENY(unlinkat), WEIR_DENY(renameat2), WEIR_DENY(mkdirat),
        WEIR_DENY(linkat), WEIR_DENY(symlinkat), WEIR_DENY(fchmodat), WEIR_DENY(fchownat), WEIR_DENY(mknodat),
        WEIR_DENY(io_uring_setup), WEIR_DENY(open_by_handle_at), WEIR_DENY(userfaultfd),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = sizeof(filter) / sizeof(filter[0]), .filter = filter};
    // With TSYNC threads that run already are bound as well.
    return (int)syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program);
#else
    errno = ENOSYS;
    return -1;
#endif
}

/// A folder as a place, which nothing can be read from.
static inline int weir_open_folder(const char *path) { return open(path, 010000000 | O_CLOEXEC | O_DIRECTORY); }

/// Of all files only those below `folders` can be opened, and those to read alone (Landlock).
static inline int weir_confine_reading(const int *folders, int count) {
    // As in linux/landlock.h; older headers lack the calls.
    struct { uint64_t handled_access_fs; } ruleset = {(1ULL << 13) - 1};
    int rules = (int)syscall(444, &ruleset, sizeof(ruleset), 0);
    if (rules < 0) return -1;
    for (int i = 0; i < count; i++) {
        struct __attribute__((packed)) { uint64_t allowed_access; int32_t parent_fd; } beneath = {
            (1ULL << 2) | (1ULL << 3), folders[i]};
        if (syscall(445, rules, 1, &beneath, 0) < 0) { close(rules); return -1; }
    }
    int result = (int)syscall(446, rules, 0);
    close(rules);
    return result;
}

#endif
