#if canImport(Glibc)
    import Glibc
#endif

/// Memory that the program has freed and the allocator keeps for its next use.
package enum FreedMemory {
    /// Gives it back to the system. Takes milliseconds: for the end of work that needed much once.
    package static func giveBack() {
        #if canImport(Glibc)
            // Looked up by name: the headers that Swift imports do not have it, and other C libraries neither.
            typealias Trim = @convention(c) (Int) -> CInt
            guard let symbol = dlsym(nil, "malloc_trim") else { return }
            _ = unsafeBitCast(symbol, to: Trim.self)(0)
        #endif
    }
}
