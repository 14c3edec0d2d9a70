/// What is wrong with an Arrow file, in words for people.
struct ArrowFault: Error {
    let message: String

    init(_ message: String) { self.message = message }

    static let broken = ArrowFault("its structure makes no sense")
}

extension [UInt8] {
    /// A number, the least significant byte first.
    func number<Number: FixedWidthInteger>(_ type: Number.Type = Number.self, at place: Int) throws(ArrowFault)
        -> Number
    {
        guard place >= 0, place <= count - MemoryLayout<Number>.size else { throw .broken }
        return Number(littleEndian: withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place, as: Number.self) })
    }
}

/// A table of a FlatBuffer; each place is held against what there is.
/// - SeeAlso: FlatBuffers, "FlatBuffer Internals".
struct FlatTable {
    private let bytes: [UInt8]
    private let place: Int
    private let fields: Int
    private let length: Int

    /// The outermost table.
    init(_ bytes: [UInt8]) throws(ArrowFault) {
        try self.init(bytes, at: Int(try bytes.number(UInt32.self, at: 0)))
    }

    private init(_ bytes: [UInt8], at place: Int) throws(ArrowFault) {
        self.bytes = bytes
        self.place = place
        fields = place - Int(try bytes.number(Int32.self, at: place))
        length = Int(try bytes.number(UInt16.self, at: fields))
        guard length >= 4, fields <= bytes.count - length else { throw .broken }
    }

    private func find(_ field: Int) throws(ArrowFault) -> Int? {
        let slot = 4 + field * 2
        guard slot + 2 <= length else { return nil }
        let offset = Int(try bytes.number(UInt16.self, at: fields + slot))
        return offset == 0 ? nil : place + offset
    }

    private func follow(_ place: Int) throws(ArrowFault) -> Int {
        place + Int(try bytes.number(UInt32.self, at: place))
    }

    func number<Number: FixedWidthInteger>(_ field: Int, usual: Number) throws(ArrowFault) -> Number {
        guard let place = try find(field) else { return usual }
        return try bytes.number(Number.self, at: place)
    }

    func table(_ field: Int) throws(ArrowFault) -> FlatTable? {
        guard let place = try find(field) else { return nil }
        return try FlatTable(bytes, at: try follow(place))
    }

    func text(_ field: Int) throws(ArrowFault) -> String? {
        guard let (count, start) = try vector(field, stride: 1) else { return nil }
        return String(decoding: bytes[start..<start + count], as: UTF8.self)
    }

    func tables(_ field: Int) throws(ArrowFault) -> [FlatTable] {
        guard let (count, start) = try vector(field, stride: 4) else { return [] }
        var found: [FlatTable] = []
        for index in 0..<count { found.append(try FlatTable(bytes, at: try follow(start + index * 4))) }
        return found
    }

    /// Pairs of numbers of eight bytes.
    func pairs(_ field: Int) throws(ArrowFault) -> [(Int64, Int64)] {
        guard let (count, start) = try vector(field, stride: 16) else { return [] }
        var found: [(Int64, Int64)] = []
        for index in 0..<count {
            let place = start + index * 16
            found.append((try bytes.number(at: place), try bytes.number(at: place + 8)))
        }
        return found
    }

    func numbers(_ field: Int) throws(ArrowFault) -> [Int64] {
        guard let (count, start) = try vector(field, stride: 8) else { return [] }
        var found: [Int64] = []
        for index in 0..<count { found.append(try bytes.number(at: start + index * 8)) }
        return found
    }

    private func vector(_ field: Int, stride: Int) throws(ArrowFault) -> (count: Int, start: Int)? {
        guard let place = try find(field) else { return nil }
        let start = try follow(place)
        let count = Int(try bytes.number(UInt32.self, at: start))
        guard count <= (bytes.count - start - 4) / stride else { throw .broken }
        return (count, start + 4)
    }
}
