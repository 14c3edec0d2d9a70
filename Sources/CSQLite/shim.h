#pragma once
#include <sqlite3.h>

/* The index of the write-ahead log, which the processes that have the database open share; NULL where it is not in
   shared memory. It stays where it is while the connection is open. Its size is SQLite's own (WALINDEX_PGSZ). */
static inline const void *sqlite_shim_log_index(sqlite3 *database) {
    sqlite3_file *file = 0;
    volatile void *index = 0;
    if (sqlite3_file_control(database, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK || !file) return 0;
    if (!file->pMethods || file->pMethods->iVersion < 2 || !file->pMethods->xShmMap) return 0;
    if (file->pMethods->xShmMap(file, 0, 32768, 0, &index) != SQLITE_OK) return 0;
    return (const void *)index;
}

/* The 48 bytes at its beginning, of which every commit changes some. Others write them meanwhile. */
static inline void sqlite_shim_log_header(const void *index, unsigned long long *words) {
    for (int word = 0; word < 6; word++) {
        words[word] = __atomic_load_n((const unsigned long long *)index + word, __ATOMIC_ACQUIRE);
    }
}
