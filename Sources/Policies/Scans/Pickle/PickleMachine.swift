/// Follows the opcodes of one pickle as Python's machine would run them, without importing or calling anything.
///
/// Where a real machine would stop for want of something on its stack this one goes on, to see all that is there; only
/// bytes that are no opcodes end it. So what it saw is at least what would run.
/// - SeeAlso: `pickletools.py` of Python for the opcodes of the protocols 0 to 5.
struct PickleMachine {
    private var reader: RegionReader
    private var stack: [PickleValue] = []
    private var marks: [Int] = []
    private var memo = PickleMemo()
    private(set) var record = PickleRecord()
    /// Of the opcode that is being followed.
    private var place: Int64 = 0

    private static let maximumStack = 4_000_000
    private static let maximumLine = 1 << 20
    private static let torchMagic: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
    private static let torchMagicDigits = "119547037146038801333356"

    init(_ reader: RegionReader) { self.reader = reader }

    /// After the last opcode that was followed.
    var position: Int64 { reader.position }

    /// Runs to `STOP`.
    mutating func run() throws(ScanStop) {
        while true {
            place = reader.position
            try reader.session.step()
            let opcode = try reader.byte()
            record.opcodes += 1
            if opcode == UInt8(ascii: ".") {
                if stack.isEmpty { breaks() }
                return
            }
            try follow(opcode)
        }
    }

    private mutating func follow(_ opcode: UInt8) throws(ScanStop) {
        switch opcode {
        // Data
        case UInt8(ascii: "N"), 0x88, 0x89, UInt8(ascii: "]"), UInt8(ascii: "}"), 0x8F: try push(.data)
        case UInt8(ascii: ")"): try push(.tuple([]))
        case UInt8(ascii: "K"): try push(.integer(Int64(try reader.number(1))))
        case UInt8(ascii: "M"): try push(.integer(Int64(try reader.number(2))))
        case UInt8(ascii: "J"): try push(.integer(Int64(Int32(truncatingIfNeeded: try reader.number(4)))))
        case UInt8(ascii: "G"):
            try reader.skip(8)
            try push(.data)
        case UInt8(ascii: "I"), UInt8(ascii: "F"), UInt8(ascii: "L"): try numberLine()
        case 0x8A: try long(Int64(try reader.number(1)))
        case 0x8B: try long(Int64(Int32(truncatingIfNeeded: try reader.number(4))))
        case UInt8(ascii: "S"):
            guard let text = PickleText.quoted(try reader.line(limit: Self.maximumLine)) else {
                throw .fault("has a text without quotes")
            }
            try push(text: text)
        case UInt8(ascii: "V"): try push(text: PickleText.rawUnicode(try reader.line(limit: Self.maximumLine)))
        case UInt8(ascii: "T"): try text(Int64(Int32(truncatingIfNeeded: try reader.number(4))))
        case UInt8(ascii: "U"), 0x8C: try text(Int64(try reader.number(1)))
        case UInt8(ascii: "X"): try text(Int64(try reader.number(4)))
        case 0x8D: try text(try length8())
        case UInt8(ascii: "B"): try bytes(Int64(try reader.number(4)))
        case UInt8(ascii: "C"): try bytes(Int64(try reader.number(1)))
        case 0x8E, 0x96: try bytes(try length8())
        case 0x97: try push(.data)
        case 0x98: break
        default: try followShape(opcode)
        }
    }

    private mutating func followShape(_ opcode: UInt8) throws(ScanStop) {
        switch opcode {
        case UInt8(ascii: "("):
            guard marks.count < Self.maximumStack else { throw .limit("marks more places than are followed") }
            marks.append(stack.count)
        case UInt8(ascii: "0"):
            if let mark = marks.last, mark == stack.count { marks.removeLast() } else { _ = pop() }
        case UInt8(ascii: "1"): _ = popToMark()
        case UInt8(ascii: "2"): try push(top())
        case UInt8(ascii: "t"): try push(tuple(popToMark()))
        case 0x85: try push(tuple([pop()]))
        case 0x86:
            let second = pop()
            try push(tuple([pop(), second]))
        case 0x87:
            let third = pop()
            let second = pop()
            try push(tuple([pop(), second, third]))
        case UInt8(ascii: "l"), UInt8(ascii: "d"), 0x91:
            _ = popToMark()
            try push(.data)
        case UInt8(ascii: "a"):
            _ = pop()
            touch()
        case UInt8(ascii: "s"):
            _ = pop()
            _ = pop()
            touch()
        case UInt8(ascii: "e"), UInt8(ascii: "u"), 0x90:
            _ = popToMark()
            touch()
        case UInt8(ascii: "p"): try put(try key(try reader.line(limit: 64)))
        case UInt8(ascii: "q"): try put(Int64(try reader.number(1)))
        case UInt8(ascii: "r"): try put(Int64(try reader.number(4)))
        case 0x94: try put(memo.count)
        case UInt8(ascii: "g"): try get(try key(try reader.line(limit: 64)))
        case UInt8(ascii: "h"): try get(Int64(try reader.number(1)))
        case UInt8(ascii: "j"): try get(Int64(try reader.number(4)))
        case 0x80:
            let version = try reader.byte()
            guard version <= 5 else { throw .fault("has the protocol \(version), which is not known here") }
            if place == 0 || record.opcodes == 1 { record.hasProtocol = true }
        case 0x95:
            let claimed = try reader.number(8)
            if claimed > UInt64(max(0, reader.left)), record.frameAt == nil { record.frameAt = place }
        default: try followCode(opcode)
        }
    }

    private mutating func followCode(_ opcode: UInt8) throws(ScanStop) {
        switch opcode {
        case UInt8(ascii: "c"): try push(.imported(try imported()))
        case 0x93:
            let name = pop()
            let module = pop()
            if case .text(let module) = module, case .text(let name) = name {
                try push(.imported(try record.add(PickleGlobal(module: module, name: name), at: place)))
            } else {
                if record.unresolved.count < 100 { record.unresolved.append(place) }
                try push(.unknowable)
            }
        case UInt8(ascii: "i"):
            let index = try imported()
            _ = popToMark()
            record.calls += 1
            try push(.made(by: index))
        case UInt8(ascii: "o"):
            let values = popToMark()
            if values.isEmpty { breaks() }
            try call(values.first ?? .unknowable)
        case UInt8(ascii: "R"), 0x81:
            _ = pop()
            try call(pop())
        case 0x92:
            _ = pop()
            _ = pop()
            try call(pop())
        case UInt8(ascii: "b"):
            _ = pop()
            if case .imported = top(), record.changedImports.count < 100 { record.changedImports.append(place) }
        case UInt8(ascii: "P"):
            _ = try reader.line(limit: Self.maximumLine)
            record.hasOtherPersistent = true
            try push(.persistent)
        case UInt8(ascii: "Q"): try persistent(pop())
        case 0x82, 0x83, 0x84:
            try reader.skip(opcode == 0x82 ? 1 : opcode == 0x83 ? 2 : 4)
            if record.extensions.count < 100 { record.extensions.append(place) }
            try push(.unknowable)
        default: throw .fault("has the opcode \(opcode), which does not exist")
        }
    }

    // MARK: - Parts of opcodes

    private mutating func call(_ called: PickleValue) throws(ScanStop) {
        switch called {
        case .imported(let index):
            record.calls += 1
            try push(.made(by: index))
        case .unknowable:
            record.calls += 1
            try push(.unknowable)
        default:
            if record.oddCalls.count < 100 { record.oddCalls.append(place) }
            try push(.unknowable)
        }
    }

    /// Two lines: a module and a name in it.
    private mutating func imported() throws(ScanStop) -> Int {
        let module = try importedLine()
        let name = module.isLast ? "" : try importedLine().text
        return try record.add(PickleGlobal(module: module.text, name: name), at: place)
    }

    /// Python's machines take what there is at the end of a file for a line, without its last byte.
    private mutating func importedLine() throws(ScanStop) -> (text: String, isLast: Bool) {
        let start = reader.position
        do throws(ScanStop) {
            return (String(decoding: try reader.line(limit: 4_096), as: UTF8.self), false)
        } catch .end {
            reader.move(to: start)
            let rest = try reader.bytes(min(reader.left, 4_096))
            guard !rest.isEmpty else { throw .end }
            if record.unresolved.count < 100 { record.unresolved.append(place) }
            return (String(decoding: rest.dropLast(), as: UTF8.self), true)
        }
    }

    /// A persistent id of PyTorch says what a storage is, how it is called, and how long it is.
    private mutating func persistent(_ id: PickleValue) throws(ScanStop) {
        try push(.persistent)
        guard case .tuple(let parts) = id, parts.count >= 5, case .text("storage") = parts[0],
            case .imported(let type) = parts[1], case .text(let key) = parts[2], case .integer(let count) = parts[4],
            count >= 0, record.storages.count < PickleRecord.maximumTexts
        else {
            record.hasOtherPersistent = true
            return
        }
        let width = Self.width(ofStorage: record.imports[type].global)
        record.storages[key] = (width ?? 0, count)
    }

    private static func width(ofStorage global: PickleGlobal) -> Int64? {
        switch global.name {
        case "ByteStorage", "CharStorage", "BoolStorage", "QInt8Storage", "QUInt8Storage", "UntypedStorage",
            "QUInt4x2Storage", "QUInt2x4Storage":
            1
        case "ShortStorage", "HalfStorage", "BFloat16Storage": 2
        case "IntStorage", "FloatStorage", "QInt32Storage": 4
        case "LongStorage", "DoubleStorage", "ComplexFloatStorage": 8
        case "ComplexDoubleStorage": 16
        default: nil
        }
    }

    private mutating func numberLine() throws(ScanStop) {
        var line = try reader.line(limit: Self.maximumLine)
        if line.last == UInt8(ascii: "L") { line.removeLast() }
        let text = String(decoding: line, as: UTF8.self)
        if record.opcodes <= 2, text == Self.torchMagicDigits { record.isTorchMagic = true }
        try push(PickleText.number(line).map { .integer($0) } ?? .data)
    }

    private mutating func long(_ count: Int64) throws(ScanStop) {
        guard count >= 0 else { throw .fault("has a number of a negative length") }
        guard count <= 16 else {
            try reader.skip(count)
            return try push(.data)
        }
        let bytes = try reader.bytes(count)
        if record.opcodes <= 2, bytes == Self.torchMagic { record.isTorchMagic = true }
        guard count <= 8 else { return try push(.data) }
        var value: UInt64 = bytes.last.map { $0 & 0x80 != 0 } == true ? UInt64.max : 0
        for byte in bytes.reversed() { value = value << 8 | UInt64(byte) }
        try push(.integer(Int64(bitPattern: value)))
    }

    private mutating func length8() throws(ScanStop) -> Int64 {
        guard let length = Int64(exactly: try reader.number(8)) else { throw .end }
        return length
    }

    private mutating func text(_ count: Int64) throws(ScanStop) {
        guard count >= 0 else { throw .fault("has a text of a negative length") }
        guard count <= Int64(PickleValue.maximumText) else {
            try reader.skip(count)
            return try push(.data)
        }
        try push(text: String(decoding: try reader.bytes(count), as: UTF8.self))
    }

    private mutating func bytes(_ count: Int64) throws(ScanStop) {
        guard count >= 0 else { throw .fault("has bytes of a negative length") }
        try reader.skip(count)
        try push(.data)
    }

    private mutating func key(_ line: [UInt8]) throws(ScanStop) -> Int64 {
        guard let key = PickleText.number(line), key >= 0 else { throw .fault("has a memo of no number") }
        return key
    }

    private mutating func put(_ key: Int64) throws(ScanStop) { try memo.put(top(), at: key) }

    private mutating func get(_ key: Int64) throws(ScanStop) {
        if let value = memo[key] { return try push(value) }
        breaks()
        try push(.unknowable)
    }

    // MARK: - The stack

    private mutating func push(text: String) throws(ScanStop) {
        guard text.utf8.count <= PickleValue.maximumText else { return try push(.data) }
        if record.texts.count < PickleRecord.maximumTexts { record.texts.append(text) }
        try push(.text(text))
    }

    private mutating func push(_ value: PickleValue) throws(ScanStop) {
        guard stack.count < Self.maximumStack else { throw .limit("keeps more values than are followed") }
        stack.append(value)
    }

    private var floor: Int { marks.last ?? 0 }

    private mutating func pop() -> PickleValue {
        guard stack.count > floor, let value = stack.popLast() else {
            breaks()
            return .unknowable
        }
        return value
    }

    private mutating func top() -> PickleValue {
        guard stack.count > floor, let value = stack.last else {
            breaks()
            return .unknowable
        }
        return value
    }

    /// What an opcode changes has to be there.
    private mutating func touch() { _ = top() }

    private mutating func popToMark() -> [PickleValue] {
        guard let mark = marks.popLast() else {
            breaks()
            return []
        }
        // Only short ones are of interest; the others are dropped without being copied.
        let count = stack.count - mark
        let kept = count <= PickleValue.maximumTuple ? Array(stack[mark...]) : Array(stack[mark...mark])
        stack.removeLast(count)
        return count <= PickleValue.maximumTuple
            ? kept : kept + Array(repeating: .data, count: PickleValue.maximumTuple)
    }

    /// Tuples within tuples are of no interest, and would make values of any depth.
    private func tuple(_ values: [PickleValue]) -> PickleValue {
        guard values.count <= PickleValue.maximumTuple else { return .data }
        return .tuple(
            values.map { value in
                if case .tuple = value { return .data }
                return value
            })
    }

    private mutating func breaks() { if record.brokenAt == nil { record.brokenAt = place } }
}
