import CDuckDB
import Glibc

/// What a worker gives up before it reads a byte of anybody's file.
struct WorkerSandbox {
    /// Bytes of address space: the engine's memory, its library and its threads.
    static let addressSpace: UInt = 4 << 30
    /// Seconds of processor time of one worker in its life; it is replaced long before.
    static let processorSeconds: UInt = 3_600

    /// What holds, for people who ask.
    private(set) var held: [String] = []

    /// Before the library is loaded.
    mutating func limit() {
        note("no new privileges", weir_no_new_privileges() == 0)
        note("not dumpable", weir_not_dumpable() == 0)
        note("no core", set(Int32(RLIMIT_CORE.rawValue), 0))
        note("no files written", set(Int32(RLIMIT_FSIZE.rawValue), 0))
        note("memory", set(Int32(RLIMIT_AS.rawValue), Self.addressSpace))
        note("processor", set(Int32(RLIMIT_CPU.rawValue), Self.processorSeconds))
        note("open files", set(Int32(RLIMIT_NOFILE.rawValue), 1_024))
    }

    /// After the library is loaded: no more programs, sockets or other files, and no names of those that are open.
    /// - Parameter folders: below which files may be read.
    mutating func confine(to folders: [String]) {
        note("calls", weir_deny_calls() == 0)
        // The engine asks how much memory it may have when it opens, and fails where it cannot.
        let descriptors = (folders + ["/proc/self", "/sys/fs/cgroup"]).map { weir_open_folder($0) }
            .filter { $0 >= 0 }
        note("files", weir_confine_reading(descriptors, Int32(descriptors.count)) == 0)
        for descriptor in descriptors { close(descriptor) }
    }

    private mutating func note(_ what: String, _ holds: Bool) {
        if holds { held.append(what) }
    }

    private func set(_ resource: Int32, _ value: UInt) -> Bool {
        var limits = rlimit(rlim_cur: value, rlim_max: value)
        return setrlimit(__rlimit_resource_t(UInt32(resource)), &limits) == 0
    }
}
