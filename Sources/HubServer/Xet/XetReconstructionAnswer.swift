import HubCore

/// A reconstruction as clients read it: `GET /v1/reconstructions/{file}` and `GET /v2/reconstructions/{file}`.
struct XetReconstructionAnswer {
    let found: XetReconstruction
    /// Where xorbs are.
    let storage: String
    let version: XetSurface.ReconstructionVersion

    /// - Parameter token: makes what a link to a part carries.
    func write(to json: inout JSONWriter, token: (XetReconstruction.Part) -> String) {
        json.object { json in
            json.member("offset_into_first_range", found.skipped)
            json.array("terms") { json in
                for part in found.parts {
                    json.object { json in
                        json.member("hash", part.xorb.text)
                        json.member("unpacked_length", part.content.upperBound - part.content.lowerBound)
                        Self.write(part.chunks.lowerBound, part.chunks.upperBound, as: "range", to: &json)
                    }
                }
            }
            json.object(version == .first ? "fetch_info" : "xorbs") { json in
                for part in found.parts {
                    json.array(part.xorb.text) { json in
                        json.object { json in write(part, "\(storage)/\(part.xorb)?grant=\(token(part))", to: &json) }
                    }
                }
            }
        }
    }

    private func write(_ part: XetReconstruction.Part, _ url: String, to json: inout JSONWriter) {
        json.member("url", url)
        let (chunks, last) = (part.chunks, part.stored.upperBound - 1)
        switch version {
        case .first:
            Self.write(chunks.lowerBound, chunks.upperBound, as: "range", to: &json)
            Self.write(part.stored.lowerBound, last, as: "url_range", to: &json)
        case .second:
            json.array("ranges") { json in
                json.object { json in
                    Self.write(chunks.lowerBound, chunks.upperBound, as: "chunks", to: &json)
                    Self.write(part.stored.lowerBound, last, as: "bytes", to: &json)
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
}
