/// What the header of a GGUF file says.
package struct GGUFHeader: Sendable, Hashable {
    package internal(set) var version: UInt32 = 0
    /// As the file claims.
    package internal(set) var tensors: UInt64 = 0
    package internal(set) var architecture: String?
    package internal(set) var name: String?
    package internal(set) var license: String?
    /// `8x7B`, in words.
    package internal(set) var sizeLabel: String?
    /// `general.parameter_count`.
    package internal(set) var claimedParameters: Int64?
    package internal(set) var contextLength: Int64?
    /// Elements of the tensors that were read, by type.
    package internal(set) var parametersByType: [String: Int64] = [:]
    /// Whether every tensor was read: then the counts are exact.
    package internal(set) var isComplete = false

    /// Elements of all tensors; nil before all were read.
    package var parameters: Int64? { isComplete ? parametersByType.values.reduce(0, +) : nil }
}

/// Reads a GGUF header piece by piece, as its pieces are got: from a file, or by ranges of one far away.
///
/// It says which byte it wants next, which skips what need not be read: long lists of numbers are stepped over.
/// - SeeAlso: the GGUF format, versions 2 and 3.
package struct GGUFHeaderParser: Sendable {
    package enum Step: Sendable, Hashable {
        /// More bytes, from here on.
        case needs(offset: UInt64)
        case finished
    }

    /// What is known so far, at any time.
    package private(set) var header = GGUFHeader()
    /// Whether the texts of chat templates are kept in ``templates``.
    var keepsTemplates = false
    /// Chat templates, each with its key.
    private(set) var templates: [(key: String, text: String)] = []
    /// Whether a chat template was too long to keep.
    private(set) var hasLongTemplate = false

    private enum Place: Sendable {
        case start
        case pairs(UInt64)
        /// Within a list of texts: how many are left, and the pairs after it.
        case texts(UInt64, pairs: UInt64)
        case tensors(UInt64)
        case end
    }

    private var place = Place.start
    private var buffer: ArraySlice<UInt8> = []
    /// Of the file's byte that the buffer begins with.
    private var offset: UInt64 = 0
    private let fileSize: UInt64?
    private var names: Set<String> = []
    private var elements: Int64 = 0

    private static let maximumPairs: UInt64 = 1_000_000
    private static let maximumTensors: UInt64 = 1_000_000
    private static let maximumKey = 65_535
    private static let maximumText: UInt64 = 64 << 20
    /// Longest text whose value is kept.
    private static let keptText = 1_024
    /// Longest chat template that is kept.
    private static let keptTemplate = 1 << 20

    /// - Parameter fileSize: bytes of the whole file, where that is known.
    package init(fileSize: Int64? = nil) { self.fileSize = fileSize.flatMap { UInt64(exactly: $0) } }

    /// Takes bytes of the file.
    /// - Parameter start: which byte they begin with: the one asked for last, zero at first. Other bytes are left alone.
    package mutating func take(_ bytes: some Collection<UInt8>, at start: UInt64) throws(HeaderFault) -> Step {
        if start == wanted { buffer += bytes }
        while true {
            let before = (buffer, offset, place)
            do throws(Hunger) {
                guard try step() else { return .finished }
            } catch {
                if let fault = error.fault { throw fault }
                (buffer, offset, place) = before
                if let fileSize, wanted >= fileSize { throw HeaderFault("goes on after the end of the file") }
                return .needs(offset: wanted)
            }
        }
    }

    private var wanted: UInt64 { offset + UInt64(buffer.count) }

    /// Why a step did not come to its end: bytes are missing, or they are wrong.
    private struct Hunger: Error {
        var fault: HeaderFault?

        static func fault(_ text: String) -> Hunger { Hunger(fault: HeaderFault(text)) }
    }

    /// One item; false at the end.
    private mutating func step() throws(Hunger) -> Bool {
        switch place {
        case .start:
            guard try bytes(4).elementsEqual("GGUF".utf8) else { throw .fault("does not begin with GGUF") }
            header.version = try number(UInt32.self)
            guard (2...3).contains(header.version) else {
                throw .fault("has the version \(header.version), which is not known here")
            }
            header.tensors = try number(UInt64.self)
            let pairs = try number(UInt64.self)
            guard header.tensors <= Self.maximumTensors, pairs <= Self.maximumPairs else {
                throw .fault("claims \(header.tensors) tensors and \(pairs) properties")
            }
            place = .pairs(pairs)
        case .pairs(0):
            place = .tensors(header.tensors)
        case .pairs(let left):
            try pair(left: left - 1)
        case .texts(0, let pairs):
            place = .pairs(pairs)
        case .texts(let left, let pairs):
            try skipText()
            place = .texts(left - 1, pairs: pairs)
        case .tensors(0):
            header.isComplete = true
            place = .end
            return false
        case .tensors(let left):
            try tensor()
            place = .tensors(left - 1)
        case .end:
            return false
        }
        return true
    }

    private mutating func pair(left: UInt64) throws(Hunger) {
        let key = try text(limit: Self.maximumKey)
        guard !names.contains(key) else { throw .fault("says '\(HeaderFault.shown(key))' twice") }
        let type = try number(UInt32.self)
        guard type == 9 else {
            try scalar(type, key: key)
            remember(key)
            place = .pairs(left)
            return
        }
        let element = try number(UInt32.self)
        let count = try number(UInt64.self)
        guard element != 9 else { throw .fault("has lists of lists") }
        if element == 8 {
            // Each text takes eight bytes at least.
            try check(count, times: 8)
            place = .texts(count, pairs: left)
        } else {
            guard let width = Self.width(of: element) else { throw .fault("has a property of the type \(element)") }
            try check(count, times: UInt64(width))
            try step(over: count * UInt64(width))
            place = .pairs(left)
        }
        remember(key)
    }

    private mutating func remember(_ key: String) { names.insert(key) }

    private func check(_ count: UInt64, times width: UInt64) throws(Hunger) {
        let (size, overflow) = count.multipliedReportingOverflow(by: width)
        guard !overflow, size <= fileSize ?? UInt64(Int64.max) else {
            throw .fault("has a list of \(count) elements, longer than the file")
        }
    }

    private mutating func scalar(_ type: UInt32, key: String) throws(Hunger) {
        if type == 8 {
            let length = try number(UInt64.self)
            guard length <= Self.maximumText, length <= fileSize ?? length else {
                throw .fault("has a text of \(length) bytes")
            }
            let isTemplate = keepsTemplates && key.hasPrefix("tokenizer.chat_template")
            guard length <= UInt64(isTemplate ? Self.keptTemplate : Self.keptText) else {
                if isTemplate { hasLongTemplate = true }
                return try step(over: length)
            }
            let value = String(decoding: try bytes(Int(length)), as: UTF8.self)
            if isTemplate, templates.count < 100 { templates.append((key, value)) }
            switch key {
            case "general.architecture": header.architecture = value
            case "general.name": header.name = value
            case "general.license": header.license = value
            case "general.size_label": header.sizeLabel = value
            default: break
            }
            return
        }
        guard let width = Self.width(of: type) else { throw .fault("has a property of the type \(type)") }
        let raw = Array(try bytes(width))
        guard let value = Self.whole(raw, type: type) else { return }
        if key == "general.parameter_count" { header.claimedParameters = value }
        if key.hasSuffix(".context_length") { header.contextLength = value }
    }

    private mutating func tensor() throws(Hunger) {
        _ = try text(limit: Self.maximumKey)
        let dimensions = try number(UInt32.self)
        guard dimensions <= 8 else { throw .fault("has a tensor of \(dimensions) dimensions") }
        var count: Int64 = 1
        for _ in 0..<dimensions {
            let raw = try number(UInt64.self)
            guard let size = Int64(exactly: raw) else { throw .fault("has a tensor that nothing could hold") }
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            guard !overflow else { throw .fault("has a tensor that nothing could hold") }
            count = product
        }
        let type = TensorType.name(gguf: try number(UInt32.self))
        let place = try number(UInt64.self)
        if let fileSize, place > fileSize { throw .fault("places a tensor after the end of the file") }
        let (sum, overflow) = elements.addingReportingOverflow(count)
        guard !overflow, header.parametersByType[type] != nil || header.parametersByType.count < 64 else {
            throw .fault("has more of tensors than there can be")
        }
        elements = sum
        header.parametersByType[type, default: 0] += count
    }

    // MARK: - Bytes

    private mutating func bytes(_ count: Int) throws(Hunger) -> ArraySlice<UInt8> {
        guard buffer.count >= count else { throw Hunger() }
        let taken = buffer.prefix(count)
        buffer = buffer.dropFirst(count)
        offset += UInt64(count)
        return taken
    }

    private mutating func number<Number: FixedWidthInteger & UnsignedInteger>(_: Number.Type) throws(Hunger) -> Number {
        var value: Number = 0
        for (place, byte) in try bytes(Number.bitWidth / 8).enumerated() { value |= Number(byte) << Number(8 * place) }
        return value
    }

    private mutating func text(limit: Int) throws(Hunger) -> String {
        let length = try number(UInt64.self)
        guard length <= UInt64(limit) else { throw .fault("has a name of \(length) bytes") }
        guard let text = String(validating: try bytes(Int(length)), as: UTF8.self) else {
            throw .fault("has a name that is not UTF-8")
        }
        return text
    }

    private mutating func skipText() throws(Hunger) {
        let length = try number(UInt64.self)
        guard length <= Self.maximumText, length <= fileSize ?? length else {
            throw .fault("has a text of \(length) bytes")
        }
        try step(over: length)
    }

    /// Steps over bytes, whether they are here or not.
    private mutating func step(over count: UInt64) throws(Hunger) {
        let (end, overflow) = offset.addingReportingOverflow(count)
        guard !overflow, end <= fileSize ?? UInt64(Int64.max) else { throw .fault("goes on after the end of the file") }
        drop(count)
    }

    private mutating func drop(_ count: UInt64) {
        let here = min(count, UInt64(buffer.count))
        buffer = buffer.dropFirst(Int(here))
        offset += count
    }

    private static func width(of type: UInt32) -> Int? {
        switch type {
        case 0, 1, 7: 1
        case 2, 3: 2
        case 4, 5, 6: 4
        case 10, 11, 12: 8
        default: nil
        }
    }

    /// A whole number that is not negative.
    private static func whole(_ raw: [UInt8], type: UInt32) -> Int64? {
        var bits: UInt64 = 0
        for (place, byte) in raw.enumerated() { bits |= UInt64(byte) << UInt64(8 * place) }
        switch type {
        case 0, 2, 4, 10: return Int64(exactly: bits)
        case 1, 3, 5, 11:
            let top = UInt64(1) << UInt64(8 * raw.count - 1)
            return bits & top == 0 ? Int64(exactly: bits) : nil
        default: return nil
        }
    }
}
