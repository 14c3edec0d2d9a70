// Tells the thread sanitizer of what is put in order inside the Swift runtime, where it does not look.
//
// Synchronization.Mutex asks the kernel when it is contended (FUTEX_LOCK_PI), in functions of libswiftSynchronization,
// which is not built for the sanitizer: it saw no order between the holder before and the one after, and reported
// whatever they shared. And a task that awaits a continuation which was resumed already goes straight on: the runtime
// tells the sanitizer of tasks that were suspended only. Loaded before those libraries, this stands around their
// functions.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *

extern void __tsan_acquire(void *address) __attribute__((weak));
extern void __tsan_release(void *address) __attribute__((weak));

static void *next(const char *name) {
    void *found = dlsym(RTLD_NEXT, name);
    if (!found) abort();
    return found;
}

// Synchronization._MutexHandle._lockSlow(Swift.UInt32) -> ()
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
// Synchronization._MutexHandle._tryLockSlow() -> Swift.Bool
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
// Synchronization._MutexHandle._unlockSlow() -> ()
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

SWIFT void lockSlow(uint32_t thread, SELF self) __asm__(LOCK);
SWIFT bool tryLockSlow(SELF self) __asm__(TRY_LOCK);
SWIFT void unlockSlow(SELF self) __asm__(UNLOCK);

SWIFT void lockSlow(uint32_t thread, SELF self) {
    static SWIFT void (*lock)(uint32_t, SELF);
    if (!lock) lock = next(LOCK);
    lock(thread, self);
    if (__tsan_acquire) __tsan_acquire(self);
}

SWIFT bool tryLockSlow(SELF self) {
    static SWIFT bool (*try)(SELF);
    if (!try) try = next(TRY_LOCK);
    bool taken = try(self);
    if (taken && __tsan_acquire) __tsan_acquire(self);
    return taken;
}

SWIFT void unlockSlow(SELF self) {
    static SWIFT void (*unlock)(SELF);
    if (!unlock) unlock = next(UNLOCK);
    if (__tsan_release) __tsan_release(self);
    unlock(self);
}

#if defined(__x86_64__)
extern void *swift_task_getCurrent(void);

// Whoever resumes a continuation released the task's address.
__attribute__((used)) static void *awaiting(void) {
    static void *await;
    if (!await) await = next("swift_continuation_await");
    if (__tsan_acquire) __tsan_acquire(swift_task_getCurrent());
    return await;
}

// The continuation stands in rdi, and the caller's context in r14, which C leaves alone. It never returns, and so must be
// jumped to.
__asm__(".globl swift_continuation_await\n"
        ".type swift_continuation_await, @function\n"
        "swift_continuation_await:\n"
        "    pushq %rdi\n"
        "    call awaiting\n"
        "    popq %rdi\n"
        "    jmpq *%rax\n");
#endif
