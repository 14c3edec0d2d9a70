import Foundation
import HubCore
import NIOCore

/// The objects of one array member of a JSON body, decoded one at a time while the body arrives.
struct JSONElements<Element: Decodable> {
    private var scanner: JSONElementScanner
    private var pieces: RequestBody.AsyncIterator
    private var waiting: ArraySlice<[UInt8]> = []
    private var received: Int64 = 0
    private let limit: Int64
    private let member: String
    private let decoder = JSONDecoder()

    /// - Parameters:
    ///   - elementLimit: bytes of one element's text.
    ///   - limit: bytes of the whole body.
    init(_ type: Element.Type, of member: String, in body: RequestBody, elementLimit: Int, limit: Int64) {
        scanner = JSONElementScanner(member: member, elementLimit: elementLimit)
        pieces = body.makeAsyncIterator()
        self.limit = limit
        self.member = member
    }

    /// The next element; nil at the end of the body.
    /// - Throws: `badRequest` for what is no such JSON, `payloadTooLarge`.
    mutating func next() async throws -> Element? {
        while waiting.isEmpty {
            guard let piece = try await pieces.next() else { return nil }
            received += Int64(piece.readableBytes)
            guard received <= limit else {
                throw HubError(.payloadTooLarge, "The request body is larger than \(limit) bytes.")
            }
            do {
                waiting = try scanner.feed(piece.readableBytesView)[...]
            } catch let problem as JSONElementScanner.Problem {
                throw HubError(.badRequest, "The JSON body cannot be read at \(member): \(problem.text)")
            }
        }
        guard let text = waiting.popFirst(), let element = try? decoder.decode(Element.self, from: Data(text)) else {
            throw malformed
        }
        return element
    }

    /// Everything but the elements, once they were all read.
    func frame<Frame: Decodable>(_ type: Frame.Type) throws -> Frame {
        guard scanner.isComplete, let frame = try? decoder.decode(type, from: Data(scanner.frame)) else {
            throw malformed
        }
        return frame
    }

    private var malformed: HubError {
        HubError(.badRequest, "The JSON body is not valid, or \(member) holds something else than it should.")
    }
}
