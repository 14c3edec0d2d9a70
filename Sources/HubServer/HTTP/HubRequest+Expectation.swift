import HTTPTypes

extension HubRequest {
    /// How many bytes an answer with a file of a size will have, as far as the request says.
    var bytesExpected: @Sendable (Int64) -> Int64 {
        guard method != .head else { return { _ in 0 } }
        let header = headers[.range]
        return { size in
            switch ByteRange(header, size: size) {
            case .whole: size
            case .part(let part): part.upperBound - part.lowerBound
            case .unsatisfiable: 0
            }
        }
    }
}
