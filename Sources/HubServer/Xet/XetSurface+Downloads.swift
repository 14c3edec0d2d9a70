import HTTPTypes
import HubCore

extension XetSurface {
    /// Bytes of one read.
    private static let pieceSize: Int64 = 1 << 20

    /// Which chunks make up a range of a file, and where they lie: chunk ranges end before their end, byte ranges with it.
    func reconstruct(_ request: HubRequest) async throws -> HubResponse {
        let repository = try await open(request) { $0 == .read || $0 == .write }
        let found = try await service.reconstruction(of: try Self.hash(request), in: repository) { size in
            switch ByteRange(request.headers[.range], size: size) {
            case .whole: 0..<size
            case .part(let range): range
            case .unsatisfiable: nil
            }
        }
        let storage = request.url("/_cas/\(service.generation)/v1/xorbs/default")
        return .json { json in
            json.object { json in
                json.member("offset_into_first_range", found.skipped)
                json.array("terms") { json in
                    for part in found.parts {
                        json.object { json in
                            json.member("hash", part.xorb.text)
                            json.member("unpacked_length", part.contentBytes)
                            Self.write(part.chunks.lowerBound, part.chunks.upperBound, as: "range", to: &json)
                        }
                    }
                }
                json.object("fetch_info") { json in
                    for (xorb, parts) in Dictionary(grouping: Set(found.parts), by: \.xorb) {
                        json.array(xorb.text) { json in
                            for part in parts.sorted(by: { $0.stored.lowerBound < $1.stored.lowerBound }) {
                                let grant = signer.grant(.fetch(xorb, part.stored), for: repository)
                                json.object { json in
                                    Self.write(part.chunks.lowerBound, part.chunks.upperBound, as: "range", to: &json)
                                    json.member("url", "\(storage)/\(xorb)?grant=\(signer.token(for: grant))")
                                    Self.write(
                                        part.stored.lowerBound, part.stored.upperBound - 1, as: "url_range", to: &json)
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    private static func write(
        _ start: some BinaryInteger, _ end: some BinaryInteger, as name: String, to json: inout JSONWriter
    ) {
        json.object(name) {
            $0.member("start", start)
            $0.member("end", end)
        }
    }

    /// Bytes of a xorb for a link that a reconstruction gave out; it comes without other credentials, and opens no more
    /// than the chunks it was made for.
    func sendXorb(_ request: HubRequest) async throws -> HubResponse {
        let name = try Self.hash(request)
        let (_, grant) = try await open(request, token: request.query.first("grant")) { operation in
            if case .fetch(name, _) = operation { true } else { false }
        }
        guard case .fetch(_, let granted) = grant.operation else {
            throw HubError(.internalError, "A grant of another kind came through.")
        }
        let xorb = try await service.openXorb(name)
        let size = xorb.index.storedBytes
        let range: Range<Int64>
        switch ByteRange(request.headers[.range], size: size) {
        case .whole: range = granted
        case .part(let part) where granted.lowerBound <= part.lowerBound && part.upperBound <= granted.upperBound:
            range = part
        case .part, .unsatisfiable:
            throw HubError(.rangeNotSatisfiable, "The link is for other bytes of xorb \(name).")
        }
        var headers: HTTPFields = [.contentType: "application/octet-stream", .acceptRanges: "bytes"]
        headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"
        headers[.cacheControl] = "private, no-store"
        return HubResponse(
            status: 206, headers: headers,
            body: .stream(length: range.upperBound - range.lowerBound) { writer in
                for start in stride(from: range.lowerBound, to: range.upperBound, by: Int(Self.pieceSize)) {
                    let end = min(start + Self.pieceSize, range.upperBound)
                    try await writer.send(try await FileReads.read(xorb.file, start..<end))
                }
            })
    }
}
