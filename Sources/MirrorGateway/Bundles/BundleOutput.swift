import Crypto
import HubCore
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The files of a bundle that is being written: each under another name until all of it is durable. Its calls block.
///
/// `@unchecked Sendable`: used by one job after the other.
final class BundleOutput: @unchecked Sendable {
    /// A part that is whole.
    struct Part: Sendable {
        let sha256: String
        let size: Int64
    }

    private let path: String
    /// Bytes of a part; nil for one file.
    private let partSize: Int64?
    private var descriptor: CInt = -1
    private var hash = SHA256()
    private var written: Int64 = 0
    private var names: [(temporary: String, final: String)] = []
    /// Parts that are whole, in order.
    private(set) var parts: [Part] = []
    /// Bytes of all files.
    private(set) var total: Int64 = 0

    init(path: String, partSize: Int64?) {
        self.path = path
        self.partSize = partSize
    }

    deinit {
        if descriptor >= 0 { _ = close(descriptor) }
    }

    /// The name of a file of the bundle: `name.000`, `name.001`, …
    static func name(_ path: String, part: Int) -> String {
        let digits = String(part)
        return "\(path).\(String(repeating: "0", count: max(0, 3 - digits.count)))\(digits)"
    }

    /// Writes what stands before the first entry behind the statement; with parts this comes last, into a file of its own.
    func write(head: [UInt8]) throws {
        if partSize != nil {
            try closePart()
            try open(Self.name(path, part: 0))
        } else {
            try open(path)
        }
        try put(head[...])
        if partSize != nil { try finishFile() }
    }

    /// Writes what comes next behind the statement.
    func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let partSize else { return try put(rest) }
            if descriptor < 0 { try open(Self.name(path, part: parts.count + 1)) }
            let room = Int(min(Int64(rest.count), partSize - written))
            try put(rest.prefix(room))
            rest = rest.dropFirst(room)
            if written == partSize { try closePart() }
        }
    }

    /// Ends the last part.
    func closePart() throws {
        guard descriptor >= 0 else { return }
        parts.append(Part(sha256: Hexadecimal.encode(hash.finalize()), size: written))
        try finishFile()
    }

    /// Makes all files durable under their own names.
    func commit() throws {
        if descriptor >= 0 { try finishFile() }
        for (temporary, final) in names {
            guard rename(temporary, final) == 0 else { throw Self.failure("name '\(final)'") }
        }
        let folder = path.lastIndex(of: "/").map { path[..<$0].isEmpty ? "/" : String(path[..<$0]) } ?? "."
        let directory = Self.openFolder(folder)
        guard directory >= 0, fsync(directory) == 0 else { throw Self.failure("sync '\(folder)'") }
        _ = close(directory)
        names = []
    }

    /// Removes what was written.
    func discard() {
        if descriptor >= 0 { _ = close(descriptor) }
        descriptor = -1
        for (temporary, _) in names { unlink(temporary) }
        names = []
    }

    private static func openFolder(_ path: String) -> CInt {
        #if canImport(Glibc)
            Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        #else
            Darwin.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        #endif
    }

    private func open(_ final: String) throws {
        let temporary = "\(final).unfinished"
        #if canImport(Glibc)
            descriptor = Glibc.open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o640)
        #else
            descriptor = Darwin.open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o640)
        #endif
        guard descriptor >= 0 else { throw Self.failure("write '\(temporary)'") }
        names.append((temporary, final))
        hash = SHA256()
        written = 0
    }

    private func put(_ bytes: ArraySlice<UInt8>) throws {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.failure("write the bundle '\(path)'") }
            rest = rest.dropFirst(count)
        }
        if partSize != nil { bytes.withUnsafeBytes { hash.update(bufferPointer: $0) } }
        written += Int64(bytes.count)
        total += Int64(bytes.count)
    }

    private func finishFile() throws {
        guard fsync(descriptor) == 0 else { throw Self.failure("sync the bundle '\(path)'") }
        guard close(descriptor) == 0 else { throw Self.failure("close the bundle '\(path)'") }
        descriptor = -1
    }

    private static func failure(_ attempt: String) -> HubError {
        let code = errno
        let reason = String(cString: strerror(code))
        return HubError(
            code == ENOSPC || code == EDQUOT ? .storageFull : .badRequest, "Could not \(attempt): \(reason).")
    }
}

private func systemWrite(_ descriptor: CInt, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
