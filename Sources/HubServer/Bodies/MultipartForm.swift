import HTTPTypes
import HubCore
import NIOCore

/// A form that is read part by part while it arrives; the content of a part never has to be in memory.
actor MultipartForm {
    /// One field of the form.
    struct Part: Sendable, Equatable {
        let name: String
        /// What the client calls the file; nil for an ordinary field.
        let filename: String?
    }

    private let body: RequestBody
    private var parser: MultipartParser
    private var isInPart = false
    private var isEnded = false
    private var parts = 0
    private var received: Int64 = 0
    private let maximumParts: Int
    private let maximumBytes: Int64

    /// - Parameter maximumBytes: of the whole body.
    /// - Throws: `unsupportedMediaType` for a body that is no form.
    init(_ request: HubRequest, maximumBytes: Int64, maximumParts: Int = 32) throws {
        guard let type = request.headers[.contentType], let boundary = MultipartParser.boundary(of: type) else {
            throw HubError(
                .unsupportedMediaType, "The request body is not a form.", remedy: "Send multipart/form-data.")
        }
        if let length = request.body.declaredLength, length > maximumBytes { throw Self.tooLarge(maximumBytes) }
        body = request.body
        parser = MultipartParser(boundary: boundary)
        self.maximumBytes = maximumBytes
        self.maximumParts = maximumParts
    }

    /// The next part, what is left of this one passed over; nil at the end.
    /// - Throws: `badRequest` for what is no form or ends early, `payloadTooLarge`.
    func nextPart() async throws -> Part? {
        while isInPart { _ = try await nextChunk() }
        guard !isEnded else { return nil }
        switch try await event() {
        case .part(let name, let filename):
            parts += 1
            guard parts <= maximumParts else { throw HubError(.payloadTooLarge, "The form has too many parts.") }
            isInPart = true
            return Part(name: name, filename: filename)
        case .end:
            isEnded = true
            return nil
        case .content, .endOfPart:
            throw HubError(.badRequest, "The form cannot be read.")
        }
    }

    /// More of the part; nil at its end.
    func nextChunk() async throws -> [UInt8]? {
        guard isInPart else { return nil }
        switch try await event() {
        case .content(let bytes): return bytes
        case .endOfPart:
            isInPart = false
            return nil
        case .part, .end: throw HubError(.badRequest, "The form cannot be read.")
        }
    }

    /// The rest of the part as text.
    /// - Parameter limit: in bytes.
    func text(upTo limit: Int = 64 << 10) async throws -> String {
        var bytes: [UInt8] = []
        while let chunk = try await nextChunk() {
            guard bytes.count + chunk.count <= limit else {
                throw HubError(.payloadTooLarge, "A field of the form is larger than \(limit) bytes.")
            }
            bytes += chunk
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func event() async throws -> MultipartParser.Event {
        while true {
            do {
                if let event = try parser.next() { return event }
            } catch let problem as MultipartParser.Problem {
                throw HubError(.badRequest, "The form cannot be read: \(problem.text)")
            }
            var pieces = body.makeAsyncIterator()
            guard let piece = try await pieces.next() else {
                throw HubError(.badRequest, "The form ends without its last boundary.")
            }
            received += Int64(piece.readableBytes)
            guard received <= maximumBytes else { throw Self.tooLarge(maximumBytes) }
            parser.feed(piece.readableBytesView)
        }
    }

    private static func tooLarge(_ limit: Int64) -> HubError {
        HubError(.payloadTooLarge, "The request body is larger than \(limit) bytes.")
    }
}
