import Foundation
import Synchronization

/// An HTTP server on 127.0.0.1 that does to each connection exactly what a test tells it, well-behaved or not.
final class LoopbackServer: Sendable {
    struct Request: Sendable {
        var method: String
        var target: String
        /// Names in lower case.
        var headers: [String: String]
        var body: [UInt8]
    }

    /// One accepted connection, used on its own thread.
    final class Connection: Sendable {
        let socket: Int32
        let written = Atomic<Int>(0)

        init(_ socket: Int32) { self.socket = socket }

        /// False when the other side is gone.
        @discardableResult
        func send(_ text: String) -> Bool { send(Array(text.utf8)) }

        @discardableResult
        func send(_ bytes: [UInt8]) -> Bool {
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes {
                    Foundation.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                if count <= 0 { return false }
                written.add(count, ordering: .relaxed)
                rest = rest.dropFirst(count)
            }
            return true
        }

        /// A whole answer with its length.
        func answer(_ status: Int, _ headers: [String] = [], body: String = "") {
            let lines = ["HTTP/1.1 \(status) Status", "Content-Length: \(body.utf8.count)"] + headers
            send(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
        }

        /// Returns when the other side has closed; bytes from there are ignored.
        func waitForClose() {
            var byte = [UInt8](repeating: 0, count: 1024)
            while recv(socket, &byte, byte.count, 0) > 0 {}
        }

        fileprivate func readRequest() -> Request? {
            var bytes: [UInt8] = []
            let end = Array("\r\n\r\n".utf8)
            var one: UInt8 = 0
            while bytes.suffix(4) != end[...] {
                guard recv(socket, &one, 1, 0) == 1 else { return nil }
                bytes.append(one)
            }
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n")
            let words = lines.first?.split(separator: " ") ?? []
            guard words.count == 3 else { return nil }
            var headers: [String: String] = [:]
            for line in lines.dropFirst() {
                let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                if parts.count == 2 { headers[parts[0].lowercased()] = parts[1].drop { $0 == " " }.description }
            }
            var body: [UInt8] = []
            for _ in 0..<(Int(headers["content-length"] ?? "") ?? 0) {
                guard recv(socket, &one, 1, 0) == 1 else { return nil }
                body.append(one)
            }
            return Request(method: String(words[0]), target: String(words[1]), headers: headers, body: body)
        }
    }

    /// What to do with a request; false closes the connection afterwards.
    typealias Handler = @Sendable (Request, Connection) -> Bool

    let port: Int
    private let listener: Int32
    private let seen = Mutex<[Request]>([])
    private let accepted = Atomic<Int>(0)

    /// Every request so far, in the order they came.
    var requests: [Request] { seen.withLock { $0 } }
    var connections: Int { accepted.load(ordering: .relaxed) }
    var base: String { "http://127.0.0.1:\(port)" }

    init(_ handler: @escaping Handler) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(listener, pointer, length) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, pointer, &length) == 0
            }
        }
        guard bound else { throw POSIXError(.EADDRINUSE) }
        self.listener = listener
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread { [weak self] in
            while true {
                let socket = accept(listener, nil, nil)
                guard socket >= 0, let self else {
                    // Closed here and nowhere else: its number must not be used again while this thread accepts on it.
                    if socket >= 0 { close(socket) }
                    close(listener)
                    return
                }
                self.accepted.add(1, ordering: .relaxed)
                self.serve(Connection(socket), handler)
            }
        }.start()
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private func serve(_ connection: Connection, _ handler: @escaping Handler) {
        Thread { [weak self] in
            while let request = connection.readRequest() {
                self?.seen.withLock { $0.append(request) }
                if !handler(request, connection) { break }
            }
            close(connection.socket)
        }.start()
    }
}
