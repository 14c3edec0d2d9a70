/// What the header of a safetensors file says, once it has been found to hold together.
///
/// - SeeAlso: the safetensors format: eight bytes of length, that many bytes of JSON, then the tensors without a gap.
package struct SafetensorsHeader: Sendable, Hashable {
    package let tensors: Int
    /// Elements of all tensors.
    package let parameters: Int64
    /// Elements by type, such as `BF16`.
    package let parametersByType: [String: Int64]
    /// Bytes of tensors by type.
    package let bytesByType: [String: Int64]
    /// Bytes of all tensors.
    package let dataSize: Int64
    /// `__metadata__`, as much of it as is kept.
    package let metadata: [String: String]

    /// Bytes of JSON that the format allows.
    package static let maximumLength: Int64 = 100_000_000
    /// Bytes before the JSON.
    package static let prefix = 8

    private static let maximumDimensions = 64
    private static let maximumMetadata = 64
    private static let maximumMetadataText = 4_096

    /// The length of the JSON, of the first eight bytes of a file.
    /// - Parameter fileSize: bytes of the whole file, where that is known.
    package static func length(_ start: some Collection<UInt8>, fileSize: Int64?) throws(HeaderFault) -> Int64 {
        guard start.count >= prefix else { throw HeaderFault("is shorter than its own length") }
        var value: UInt64 = 0
        for (place, byte) in start.prefix(prefix).enumerated() { value |= UInt64(byte) << (8 * UInt64(place)) }
        guard let length = Int64(exactly: value), length <= maximumLength else {
            throw HeaderFault("claims \(value) bytes, more than the format allows")
        }
        guard length >= 2 else { throw HeaderFault("claims \(length) bytes, too few for anything") }
        if let fileSize, length > fileSize - Int64(prefix) {
            throw HeaderFault("claims \(length) bytes of a file of \(fileSize)")
        }
        return length
    }

    /// Reads the JSON.
    /// - Parameters:
    ///   - json: all of it, without the length before it.
    ///   - fileSize: bytes of the whole file, where that is known: the last tensor has to end there.
    /// - Complexity: O(n log n) in the number of tensors.
    package init(_ json: ArraySlice<UInt8>, fileSize: Int64?) throws(HeaderFault) {
        guard json.first == UInt8(ascii: "{") else { throw HeaderFault("does not begin as JSON") }
        var reader = HeaderJSON(json)
        var names: Set<String> = []
        var spans: [(begin: Int64, end: Int64)] = []
        var byType: [String: Int64] = [:]
        var bytes: [String: Int64] = [:]
        var total: Int64 = 0
        var metadata: [String: String] = [:]
        try reader.object { key, json throws(HeaderFault) in
            guard names.insert(key).inserted else {
                throw HeaderFault("names '\(HeaderFault.shown(key))' twice")
            }
            if key == "__metadata__" {
                metadata = try Self.metadata(&json)
                return
            }
            let tensor = try Tensor(&json, name: key)
            spans.append((tensor.begin, tensor.end))
            let (sum, overflow) = total.addingReportingOverflow(tensor.elements)
            guard !overflow else { throw HeaderFault("counts more elements than there can be") }
            total = sum
            guard byType[tensor.type] != nil || byType.count < 64 else { throw HeaderFault("has too many types") }
            byType[tensor.type, default: 0] += tensor.elements
            // No sum of bytes can be above the last end, which is checked below.
            let (held, tooMuch) = bytes[tensor.type, default: 0].addingReportingOverflow(tensor.end - tensor.begin)
            guard !tooMuch else { throw HeaderFault("has tensors larger than any file") }
            bytes[tensor.type] = held
        }
        guard reader.isAtEnd() else { throw HeaderFault("goes on after its JSON") }
        dataSize = try Self.end(of: spans)
        if let fileSize {
            let (whole, overflow) = dataSize.addingReportingOverflow(Int64(json.count) + Int64(Self.prefix))
            guard !overflow, whole == fileSize else {
                throw HeaderFault("describes \(dataSize) bytes of tensors, and the file is \(fileSize) bytes long")
            }
        }
        tensors = spans.count
        parameters = total
        parametersByType = byType
        bytesByType = bytes
        self.metadata = metadata
    }

    /// Where the tensors end, when they follow each other without gap and overlap.
    private static func end(of spans: [(begin: Int64, end: Int64)]) throws(HeaderFault) -> Int64 {
        var end: Int64 = 0
        for span in spans.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
            guard span.begin == end else {
                throw HeaderFault(span.begin < end ? "has tensors that overlap" : "leaves a gap between tensors")
            }
            end = span.end
        }
        return end
    }

    private static func metadata(_ json: inout HeaderJSON) throws(HeaderFault) -> [String: String] {
        var kept: [String: String] = [:]
        try json.object { key, json throws(HeaderFault) in
            let value = try json.string()
            if kept.count < maximumMetadata, key.utf8.count <= 200, value.utf8.count <= maximumMetadataText {
                kept[key] = value
            }
        }
        return kept
    }

    private struct Tensor {
        let type: String
        let elements: Int64
        let begin: Int64
        let end: Int64

        init(_ json: inout HeaderJSON, name: String) throws(HeaderFault) {
            var type: String?
            var shape: [Int64]?
            var offsets: [Int64]?
            try json.object { key, json throws(HeaderFault) in
                switch key {
                case "dtype" where type == nil: type = try json.string()
                case "shape" where shape == nil: shape = try Self.numbers(&json, limit: maximumDimensions)
                case "data_offsets" where offsets == nil: offsets = try Self.numbers(&json, limit: 2)
                case "dtype", "shape", "data_offsets": throw HeaderFault("says '\(key)' of a tensor twice")
                default: try json.skip()
                }
            }
            let shown = HeaderFault.shown(name)
            guard let type, let shape, let offsets, offsets.count == 2, offsets[0] <= offsets[1] else {
                throw HeaderFault("does not say of the tensor '\(shown)' what it is and where")
            }
            let isWord = type.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || $0 == 0x5F }
            guard !type.isEmpty, type.utf8.count <= 24, isWord else {
                throw HeaderFault("has a type that is no word, of the tensor '\(shown)'")
            }
            var elements: Int64 = 1
            for dimension in shape {
                let (product, overflow) = elements.multipliedReportingOverflow(by: dimension)
                guard !overflow else { throw HeaderFault("gives the tensor '\(shown)' a shape nothing could hold") }
                elements = product
            }
            if let bits = TensorType.bits(safetensors: type) {
                let (needed, overflow) = elements.multipliedReportingOverflow(by: bits)
                guard !overflow, needed % 8 == 0, needed / 8 == offsets[1] - offsets[0] else {
                    throw HeaderFault("gives the tensor '\(shown)' another size than its shape has")
                }
            }
            self.type = type
            self.elements = elements
            begin = offsets[0]
            end = offsets[1]
        }

        private static func numbers(_ json: inout HeaderJSON, limit: Int) throws(HeaderFault) -> [Int64] {
            var numbers: [Int64] = []
            try json.array { json throws(HeaderFault) in
                guard numbers.count < limit else { throw HeaderFault("has a list that is too long") }
                numbers.append(try json.count())
            }
            return numbers
        }
    }
}
