import CZlib
import HTTPTypes
import NIOCore

/// Answers of text, compressed for clients that say they take it.
/// - SeeAlso: RFC 1952; RFC 9110 §12.5.3.
enum TextCompression {
    /// Bytes below which nothing is gained.
    private static let least = 1_000

    static func compressed(_ response: HubResponse, for request: HubRequest) -> HubResponse {
        guard case .bytes(let buffer) = response.body, buffer.readableBytes >= least, accepts(request),
            let packed = gzip(Array(buffer.readableBytesView), level: 4)
        else { return response }
        var smaller = response
        smaller.body = .bytes(packed)
        smaller.headers[.contentEncoding] = "gzip"
        return smaller
    }

    static func accepts(_ request: HubRequest) -> Bool {
        guard let header = request.headers[.acceptEncoding] else { return false }
        return header.split(separator: ",").contains { item in
            let parts = item.split(separator: ";")
            guard let name = parts.first?.trimmed.lowercased(), name == "gzip" || name == "*" else { return false }
            return !parts.dropFirst().contains { $0.filter { $0 != " " }.hasPrefix("q=0") && !$0.contains(".") }
        }
    }

    /// Nil when there is no memory for it.
    static func gzip(_ bytes: [UInt8], level: Int32) -> [UInt8]? {
        var stream = z_stream()
        // 16 more than the window makes a gzip stream of it.
        guard
            deflateInit2_(
                &stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, zlibVersion(),
                Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { return nil }
        defer { deflateEnd(&stream) }
        var input = bytes
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
        let produced: Int? = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                return deflate(&stream, Z_FINISH) == Z_STREAM_END ? target.count - Int(stream.avail_out) : nil
            }
        }
        guard let produced else { return nil }
        return Array(output.prefix(produced))
    }
}
