#if canImport(Glibc)
    import Glibc
#endif

/// The heaps of the C allocator, of which glibc makes up to eight for each processor.
///
/// A thread frees into the heap that its memory came from, so each keeps room for the most that was ever needed of it:
/// after half an hour of mixed load on two processors, sixteen heaps held 102 MiB for 62 in use, and grew by ten an hour.
enum AllocatorArenas {
    /// Lets there be one for each processor, unless the environment says how many. To be called before there are threads.
    static func limit() {
        #if canImport(Glibc)
            let tunables = getenv("GLIBC_TUNABLES").map { String(cString: $0) } ?? ""
            guard getenv("MALLOC_ARENA_MAX") == nil, !tunables.contains("arena_max") else { return }
            // Looked up by name: the headers that Swift imports do not have it, and other C libraries neither.
            typealias Set = @convention(c) (CInt, CInt) -> CInt
            guard let symbol = dlsym(nil, "mallopt") else { return }
            // M_ARENA_MAX of <malloc.h>.
            _ = unsafeBitCast(symbol, to: Set.self)(-8, CInt(clamping: max(2, sysconf(CInt(_SC_NPROCESSORS_ONLN)))))
        #endif
    }
}
