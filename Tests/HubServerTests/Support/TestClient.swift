import Foundation
import Glibc

/// What a server sent for one request, as it came over the wire.
struct WireResponse: Sendable {
    let status: Int
    let headers: [String: String]
    let body: [UInt8]
    /// The connection ended before the body did.
    let isTruncated: Bool

    var text: String { String(decoding: body, as: UTF8.self) }
}

/// A plain blocking HTTP client that shows what really happens on the socket.
final class TestClient {
    struct Failure: Error {
        let message: String
    }

    private let descriptor: CInt
    private var pending: [UInt8] = []

    init(port: Int) throws {
        descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var timeout = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw Failure(message: "connect: errno \(errno)") }
    }

    func close() {
        _ = Glibc.close(descriptor)
    }

    func send(_ text: String) throws {
        try send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure(message: "send: errno \(errno)") }
            sent += count
        }
    }

    /// Whether the server sends nothing for a short while.
    func isSilent(milliseconds: CInt = 200) -> Bool {
        var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return pending.isEmpty && poll(&poller, 1, milliseconds) == 0
    }

    /// Whether the server has closed, waiting for it.
    func isClosed() -> Bool {
        pending.isEmpty && receive() == 0
    }

    /// Waits until `count` bytes of a body are here.
    func wait(forBody count: Int) throws {
        _ = try head()
        while pending.count < count {
            guard receive() > 0 else { throw Failure(message: "the connection ended") }
        }
    }

    /// One request without a body, and its answer.
    func get(_ target: String, method: String = "GET", headers: [String] = []) throws -> WireResponse {
        let lines = ["\(method) \(target) HTTP/1.1", "Host: hub.example"] + headers
        try send(lines.joined(separator: "\r\n") + "\r\n\r\n")
        return try response(toHead: method == "HEAD")
    }

    /// Reads one answer, informational ones included.
    func response(toHead: Bool = false) throws -> WireResponse {
        let (status, headers) = try head()
        if toHead || status == 204 || status == 304 || (100..<200).contains(status) {
            return WireResponse(status: status, headers: headers, body: [], isTruncated: false)
        }
        if headers["transfer-encoding"] == "chunked" {
            let (body, isComplete) = chunks()
            return WireResponse(status: status, headers: headers, body: body, isTruncated: !isComplete)
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        while pending.count < length, receive() > 0 {}
        let body = Array(pending.prefix(length))
        pending.removeFirst(body.count)
        return WireResponse(status: status, headers: headers, body: body, isTruncated: body.count < length)
    }

    private func head() throws -> (Int, [String: String]) {
        while true {
            if let end = pending.firstRange(of: [13, 10, 13, 10]) {
                let text = String(decoding: pending[..<end.lowerBound], as: UTF8.self)
                pending.removeFirst(end.upperBound)
                let lines = text.components(separatedBy: "\r\n")
                var headers: [String: String] = [:]
                for line in lines.dropFirst() {
                    let parts = line.split(separator: ":", maxSplits: 1)
                    if parts.count == 2 {
                        headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
                    }
                }
                let fields = (lines.first ?? "").split(separator: " ")
                guard fields.count > 1, let status = Int(fields[1]) else {
                    throw Failure(message: "no status: \(text)")
                }
                return (status, headers)
            }
            guard receive() > 0 else { throw Failure(message: "the connection ended in a head") }
        }
    }

    private func chunks() -> ([UInt8], Bool) {
        var body: [UInt8] = []
        while true {
            guard let end = pending.firstRange(of: [13, 10]) else {
                guard receive() > 0 else { return (body, false) }
                continue
            }
            let size = Int(String(decoding: pending[..<end.lowerBound], as: UTF8.self), radix: 16) ?? 0
            while pending.count < end.upperBound + size + 2 {
                guard receive() > 0 else { return (body, false) }
            }
            body += pending[end.upperBound..<end.upperBound + size]
            pending.removeFirst(end.upperBound + size + 2)
            if size == 0 { return (body, true) }
        }
    }

    private func receive() -> Int {
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count > 0 { pending += buffer[..<count] }
        return count
    }
}
