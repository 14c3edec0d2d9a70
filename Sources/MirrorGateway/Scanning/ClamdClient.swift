import HubCore
import Policies

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// ClamAV's daemon behind its local socket. It is no way out: a path in the file system, never an address (law 7).
///
/// All calls block, for a bounded time; they are made on ``ScanWorkers``.
/// - SeeAlso: clamd(8), "COMMANDS": `zVERSION`, `zINSTREAM`.
package struct ClamdClient: Sendable {
    /// What the daemon says of a stream.
    package enum Answer: Sendable, Hashable {
        case clean
        /// With the signature's name.
        case found(String)
        /// It cannot tell, and would not if asked again: the stream is longer than it takes.
        case tooLong(limit: String)
    }

    let path: String
    /// Seconds without a byte after which the daemon counts as gone.
    let idle: Int
    /// Seconds for a whole conversation, and one more for each MiB.
    let patience: Int64
    /// Ends a conversation early.
    let stop: ScanStopSign

    init(path: String, idle: Int = 60, patience: Int64 = 120, stop: ScanStopSign = ScanStopSign()) {
        self.stop = stop
        self.path = path
        self.idle = idle
        self.patience = patience
    }

    /// Bytes of one chunk.
    static let chunk = 256 << 10
    /// Longest answer that is read.
    private static let longestAnswer = 4_096

    /// Which engine with which signatures it is: `ClamAV 1.4.3/27700/…`.
    /// - Throws: `HubError` when it does not answer as clamd does.
    package func version() throws -> String {
        let socket = try open(size: 0)
        try socket.send(Array("zVERSION\0".utf8))
        let answer = try socket.answer(upTo: Self.longestAnswer)
        guard answer.hasPrefix("ClamAV ") else { throw odd(answer) }
        return String(answer.onOneLine.prefix(96))
    }

    /// Begins a stream of so many bytes.
    func begin(size: Int64) throws -> ClamdStream {
        let socket = try open(size: size)
        try socket.send(Array("zINSTREAM\0".utf8))
        return ClamdStream(client: self, socket: socket)
    }

    /// Has bytes in memory looked at.
    func scan(_ bytes: [UInt8]) throws -> Answer {
        let stream = try begin(size: Int64(bytes.count))
        try stream.send(bytes)
        return try stream.finish()
    }

    fileprivate func read(_ socket: ClamdSocket) throws -> Answer {
        let answer = try socket.answer(upTo: Self.longestAnswer)
        guard answer.hasPrefix("stream: ") else {
            if answer.hasSuffix("size limit exceeded. ERROR") { return .tooLong(limit: answer) }
            throw odd(answer)
        }
        let word = answer.dropFirst("stream: ".count)
        if word == "OK" { return .clean }
        if word.hasSuffix(" FOUND") {
            let name = String(word.dropLast(" FOUND".count)).onOneLine
            guard !name.isEmpty else { throw odd(answer) }
            return .found(String(name.prefix(200)))
        }
        if word.hasSuffix("size limit exceeded. ERROR") { return .tooLong(limit: String(word)) }
        throw odd(answer)
    }

    private func open(size: Int64) throws -> ClamdSocket {
        let (seconds, overflow) = patience.addingReportingOverflow(size >> 20)
        return try ClamdSocket(path: path, idle: idle, deadline: overflow ? .max : seconds, stop: stop)
    }

    private func odd(_ answer: String) -> HubError {
        HubError(
            .upstreamUnavailable,
            "The virus scanner at \(path) answered '\(String(answer.onOneLine.prefix(200)))'.")
    }
}

/// A stream that the daemon looks at as it comes.
final class ClamdStream {
    private let client: ClamdClient
    private let socket: ClamdSocket
    /// What it said before the end.
    private var early: ClamdClient.Answer?

    fileprivate init(client: ClamdClient, socket: ClamdSocket) {
        self.client = client
        self.socket = socket
    }

    /// Whether more bytes are of use.
    var isOpen: Bool { early == nil }

    /// Sends bytes, in chunks with their lengths before them.
    func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty, early == nil {
            let part = rest.prefix(ClamdClient.chunk)
            rest = rest.dropFirst(part.count)
            try put(Self.length(part.count) + part)
        }
    }

    /// Ends the stream and reads the verdict.
    func finish() throws -> ClamdClient.Answer {
        if let early { return early }
        try put(Self.length(0))
        if let early { return early }
        return try client.read(socket)
    }

    /// A daemon that has enough says so and closes: then the answer counts, not the pipe that broke.
    private func put(_ bytes: [UInt8]) throws {
        do {
            try socket.send(bytes)
        } catch let failure as ClamdSocket.Closed {
            guard let answer = try? client.read(socket) else { throw failure.error }
            early = answer
        }
    }

    private static func length(_ count: Int) -> [UInt8] {
        let size = UInt32(count)
        return [UInt8(size >> 24), UInt8(size >> 16 & 255), UInt8(size >> 8 & 255), UInt8(size & 255)]
    }
}

/// One connection.
final class ClamdSocket {
    /// The other end closed while bytes were sent.
    struct Closed: Error {
        let error: HubError
    }

    private let descriptor: CInt
    private let path: String
    private let deadline: ContinuousClock.Instant
    private let idle: Int
    private let stop: ScanStopSign

    /// - Parameters:
    ///   - idle: seconds that one send or receive may take.
    ///   - deadline: seconds that all may take.
    init(path: String, idle: Int, deadline: Int64, stop: ScanStopSign) throws {
        self.path = path
        self.idle = max(1, idle)
        self.stop = stop
        self.deadline = ContinuousClock.now + .seconds(min(deadline, 1 << 30))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard !bytes.isEmpty, bytes.count < MemoryLayout.size(ofValue: address.sun_path), !bytes.contains(0) else {
            throw HubError(.badRequest, "'\(path)' cannot be the path of a socket.")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        #if os(Linux)
            // SOCK_STREAM, whose type the compiler finds now in one C module and now in another.
            let type: CInt = 1
        #else
            let type = SOCK_STREAM
        #endif
        descriptor = socket(AF_UNIX, type, 0)
        guard descriptor >= 0 else { throw Self.failure(path, "cannot be reached", errno) }
        // No child may inherit it.
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        // Short, so that a hub that stops need not wait for it.
        var time = timeval(tv_sec: 1, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        _ = setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, size)
        _ = setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, size)
        let (descriptor, length) = (descriptor, socklen_t(MemoryLayout<sockaddr_un>.size))
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, length) }
        }
        guard connected == 0 else { throw Self.failure(path, "cannot be reached", errno) }
    }

    deinit { if descriptor >= 0 { _ = close(descriptor) } }

    /// - Throws: `Closed`, or `HubError` when it takes too long.
    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        var silence = 0
        while sent < bytes.count {
            try checkTime()
            #if os(Linux)
                let flags = CInt(MSG_NOSIGNAL)
            #else
                let flags: CInt = 0
            #endif
            let count = bytes.withUnsafeBytes { buffer in
                #if canImport(Glibc)
                    Glibc.send(descriptor, buffer.baseAddress.map { $0 + sent }, buffer.count - sent, flags)
                #else
                    Darwin.send(descriptor, buffer.baseAddress.map { $0 + sent }, buffer.count - sent, flags)
                #endif
            }
            if count > 0 {
                sent += count
                silence = 0
            } else if count < 0, Self.isTimeout(errno), silence < idle {
                silence += 1
            } else if count < 0, errno == EPIPE || errno == ECONNRESET {
                throw Closed(error: Self.failure(path, "closed the connection", errno))
            } else if count < 0, errno != EINTR {
                throw Self.failure(path, "takes no more bytes", errno)
            }
        }
    }

    /// Reads up to a NUL or the end.
    func answer(upTo limit: Int) throws -> String {
        var received: [UInt8] = []
        var silence = 0
        var buffer = [UInt8](repeating: 0, count: 512)
        while true {
            try checkTime()
            let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
            if count < 0, errno == EINTR { continue }
            if count < 0, Self.isTimeout(errno), silence < idle {
                silence += 1
                continue
            }
            guard count >= 0 else { throw Self.failure(path, "does not answer", errno) }
            if count == 0 { break }
            silence = 0
            received += buffer.prefix(count)
            if let end = received.firstIndex(of: 0) {
                received.removeSubrange(end...)
                break
            }
            guard received.count <= limit else {
                throw HubError(.upstreamUnavailable, "The virus scanner at \(path) answered without an end.")
            }
        }
        var text = String(decoding: received, as: UTF8.self)
        while text.last?.isWhitespace == true { text.removeLast() }
        guard !text.isEmpty else {
            throw HubError(.upstreamUnavailable, "The virus scanner at \(path) closed without an answer.")
        }
        return text
    }

    private static func isTimeout(_ code: CInt) -> Bool { code == EAGAIN || code == EWOULDBLOCK }

    private func checkTime() throws {
        try stop.check()
        guard ContinuousClock.now < deadline else {
            throw HubError(.upstreamUnavailable, "The virus scanner at \(path) takes too long.")
        }
    }

    private static func failure(_ path: String, _ what: String, _ code: CInt) -> HubError {
        HubError(.upstreamUnavailable, "The virus scanner at \(path) \(what): \(String(cString: strerror(code))).")
    }
}
