import HubCore

/// What an upstream's answer to a question for a blob's bytes is worth.
enum BlobAnswer {
    /// Checks that an answer with status 200 can be the whole blob.
    /// - Throws: `upstreamCorrupt` when it cannot.
    static func checkWhole(_ response: EgressResponse, _ pointer: LFSPointer, _ upstream: String) throws {
        let length = response.headers.first("content-length").flatMap { Int64($0) }
        // A file may well be a web page; one of another length is not the file.
        if length == pointer.size { return }
        if response.headers.first("content-type")?.lowercased().hasPrefix("text/html") == true {
            throw HubError(
                .upstreamCorrupt, "\(upstream) answered a web page instead of the file \(pointer.oid.hex).")
        }
        if let length {
            throw HubError(
                .upstreamCorrupt,
                "\(upstream) offers \(length) bytes for \(pointer.oid.hex), whose size is \(pointer.size).")
        }
    }

    /// Where an answer with status 206 ends, which may be earlier than asked.
    /// - Throws: `upstreamCorrupt` when it is another part than the one asked for.
    static func end(
        of header: String?, _ asked: Range<Int64>, _ pointer: LFSPointer, _ upstream: String
    ) throws -> Int64 {
        let fields = (header ?? "").lowercased().dropFirst("bytes ".count).split(whereSeparator: { "-/".contains($0) })
        guard header?.lowercased().hasPrefix("bytes ") == true, fields.count == 3,
            Int64(fields[0]) == asked.lowerBound, let last = Int64(fields[1]), last >= asked.lowerBound,
            last < asked.upperBound, fields[2] == "*" || Int64(fields[2]) == pointer.size
        else {
            throw HubError(
                .upstreamCorrupt,
                "\(upstream) answered the range '\(header ?? "none")' where 'bytes \(asked.lowerBound)-\(asked.upperBound - 1)/\(pointer.size)' was asked for."
            )
        }
        return last + 1
    }

    /// The error for an answer that has no bytes of the blob.
    static func failure(for response: EgressResponse, _ pointer: LFSPointer, _ upstream: String) -> HubError {
        let what = "\(upstream) answered \(response.status) for the file \(pointer.oid.hex)."
        switch response.status {
        case 401, 403: return HubError(.upstreamRefused, what, remedy: "Check the mirror's credentials and terms.")
        case 404, 410: return HubError(.blobNotFound, what)
        case 429, 500...599:
            return HubError(
                .upstreamUnavailable, what,
                // Clients obey what they are told: no upstream may send them away for a year.
                retryAfter: response.headers.first("retry-after").flatMap { Int($0) }.map { min(max($0, 1), 3_600) })
        default: return HubError(.upstreamCorrupt, what)
        }
    }

    static func cut(_ pointer: LFSPointer, _ upstream: String, at offset: Int64) -> HubError {
        HubError(
            .upstreamUnavailable,
            "\(upstream) ended the transfer of \(pointer.oid.hex) after \(offset) of \(pointer.size) bytes.")
    }

    static func tooMuch(_ pointer: LFSPointer, _ upstream: String) -> HubError {
        HubError(.upstreamCorrupt, "\(upstream) sent more than the \(pointer.size) bytes of \(pointer.oid.hex).")
    }
}
