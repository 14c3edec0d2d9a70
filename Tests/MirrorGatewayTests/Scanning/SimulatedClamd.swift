import Foundation
import HubCore
import Synchronization

/// A socket that speaks clamd's words, well or badly.
final class SimulatedClamd: Sendable {
    enum Manner: Sendable {
        /// Finds whatever holds these bytes.
        case looking(for: String)
        /// Takes this many bytes of a stream and no more.
        case limited(to: Int)
        /// Takes everything and says nothing.
        case silent
        /// Closes as soon as it was asked.
        case closing
        /// Closes after the stream, without a word.
        case mute
        /// Says this, whatever was asked.
        case saying(String)
        /// Talks on and on.
        case endless
    }

    let path: String
    private let descriptor: CInt
    private let state: Mutex<(manner: Manner, streams: Int)>

    /// Streams that came to their end.
    var streams: Int { state.withLock { $0.streams } }

    func behave(_ manner: Manner) { state.withLock { $0.manner = manner } }

    init(_ manner: Manner) throws {
        path = "/tmp/clamd-\(UInt32.random(in: 0 ... .max)).sock"
        state = Mutex((manner, 0))
        descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let (descriptor, length) = (descriptor, socklen_t(MemoryLayout<sockaddr_un>.size))
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        guard bound == 0, listen(descriptor, 16) == 0 else { throw HubError(.internalError, "no socket at \(path)") }
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(descriptor, nil, nil)
                guard connection >= 0 else { return }
                guard let self else {
                    close(connection)
                    return
                }
                let manner = self.state.withLock { $0.manner }
                Thread.detachNewThread { self.serve(connection, manner) }
            }
        }
    }

    func stop() {
        shutdown(descriptor, CInt(SHUT_RDWR))
        close(descriptor)
        unlink(path)
    }

    private func serve(_ connection: CInt, _ manner: Manner) {
        defer { close(connection) }
        if case .closing = manner { return }
        var command: [UInt8] = []
        while let byte = Self.read(connection, 1)?.first, byte != 0 { command.append(byte) }
        if case .saying(let text) = manner { return Self.say(text + "\0", connection) }
        if case .endless = manner {
            let chunk = [UInt8](repeating: 0x41, count: 65_536)
            while Glibc.send(connection, chunk, chunk.count, CInt(MSG_NOSIGNAL)) > 0 {}
            return
        }
        guard String(decoding: command, as: UTF8.self) == "zINSTREAM" else {
            return Self.say("ClamAV 1.0.0/27000/Thu Jan  1 00:00:00 2026\0", connection)
        }
        var received: [UInt8] = []
        while let head = Self.read(connection, 4) {
            let length = head.reduce(0) { $0 << 8 | Int($1) }
            if length == 0 { break }
            if case .limited(let limit) = manner, received.count + length > limit {
                return Self.say("INSTREAM size limit exceeded. ERROR\0", connection)
            }
            guard let chunk = Self.read(connection, length) else { return }
            received += chunk
        }
        state.withLock { $0.streams += 1 }
        switch manner {
        case .silent:
            // Until the other end gives up.
            _ = Self.read(connection, 1)
        case .mute: return
        case .looking(let word):
            let isFound = String(decoding: received, as: UTF8.self).contains(word)
            Self.say(isFound ? "stream: Test.Virus FOUND\0" : "stream: OK\0", connection)
        default: Self.say("stream: OK\0", connection)
        }
    }

    private static func read(_ connection: CInt, _ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let received = bytes.withUnsafeMutableBytes {
                recv(connection, $0.baseAddress.map { $0 + filled }, count - filled, 0)
            }
            guard received > 0 else { return nil }
            filled += received
        }
        return bytes
    }

    private static func say(_ text: String, _ connection: CInt) {
        let bytes = Array(text.utf8)
        _ = Glibc.send(connection, bytes, bytes.count, CInt(MSG_NOSIGNAL))
    }
}
