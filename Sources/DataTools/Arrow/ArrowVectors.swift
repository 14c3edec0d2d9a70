import CDuckDB
import Glibc

/// Writes values of Arrow's columns into the engine's vectors.
struct ArrowVectors {
    let functions: TableFunctions

    /// The engine's own type.
    /// - Returns: a handle that whoever asks destroys.
    func type(_ type: ArrowType) -> UnsafeMutableRawPointer? {
        switch type {
        case .null: return functions.createType(17)
        case .boolean: return functions.createType(1)
        case .half: return functions.createType(10)
        case .integer(let bytes, let isSigned):
            let signed: [Int: Int32] = [1: 2, 2: 3, 4: 4, 8: 5]
            return functions.createType((signed[bytes] ?? 5) + (isSigned ? 0 : 4))
        case .float(let bytes): return functions.createType(bytes == 4 ? 10 : 11)
        case .decimal(let width, let scale): return functions.createDecimal(UInt8(width), UInt8(scale))
        case .bytes(let isText, _), .view(let isText): return functions.createType(isText ? 17 : 18)
        case .fixedBytes: return functions.createType(18)
        case .days, .millisecondsOfDays: return functions.createType(13)
        case .time: return functions.createType(14)
        case .timestamp(_, true): return functions.createType(31)
        case .timestamp(let unit, false):
            let kinds: [ArrowType.Unit: Int32] = [.seconds: 20, .milliseconds: 21, .nanoseconds: 22]
            return functions.createType(kinds[unit] ?? 12)
        case .duration: return functions.createType(15)
        case .list(let field, _), .fixedList(let field, _):
            return owning([self.type(field.type)]) { functions.createList($0[0]) }
        case .map(let key, let value):
            return owning([self.type(key.type), self.type(value.type)]) { functions.createMap($0[0], $0[1]) }
        case .structure(let fields):
            return owning(fields.map { self.type($0.type) }) { handles in
                var (handles, names) = (handles, fields.map { strdup($0.name) })
                defer { for name in names { free(name) } }
                return functions.createStructure(&handles, &names, duck_idx(fields.count))
            }
        case .dictionary(_, _, _, let words): return self.type(words)
        }
    }

    private func owning(
        _ handles: [UnsafeMutableRawPointer?], _ make: ([UnsafeMutableRawPointer?]) -> UnsafeMutableRawPointer?
    ) -> UnsafeMutableRawPointer? {
        defer {
            for handle in handles {
                var handle = handle
                functions.library.destroyType(&handle)
            }
        }
        return make(handles)
    }

    // MARK: Values

    /// Writes `count` values from `start` on to the places from `base` on.
    func write(
        _ array: ArrowArray, _ start: Int, _ count: Int, to vector: UnsafeMutableRawPointer?, at base: Int
    ) throws(ArrowFault) {
        guard count > 0 else { return }
        guard start >= 0, start <= array.count - count else { throw .broken }
        if case .null = array.type { return setNull(base..<base + count, vector) }
        if array.validity != nil {
            for index in 0..<count where try !array.isThere(start + index) {
                setNull(base + index..<base + index + 1, vector)
            }
        }
        switch array.type {
        case .null: break
        case .integer(let bytes, _), .float(let bytes): try copy(array, start, count, vector, base, bytes)
        case .days: try copy(array, start, count, vector, base, 4)
        case .timestamp(_, false): try copy(array, start, count, vector, base, 8)
        case .boolean:
            try fill(count, vector, base) { index throws(ArrowFault) -> UInt8 in
                let place = start + index
                return try array.buffers[0].number(UInt8.self, at: place >> 3) >> (place & 7) & 1
            }
        case .half:
            try fill(count, vector, base) { index throws(ArrowFault) -> Float in
                Self.half(try array.buffers[0].number(UInt16.self, at: (start + index) * 2))
            }
        case .millisecondsOfDays:
            try fill(count, vector, base) { index throws(ArrowFault) -> Int32 in
                let value = try array.buffers[0].number(Int64.self, at: (start + index) * 8)
                return Int32(clamping: Self.floored(value, by: 86_400_000))
            }
        case .time(let unit, let bytes):
            try fill(count, vector, base) { index throws(ArrowFault) -> Int64 in
                let place = (start + index) * bytes
                let value =
                    bytes == 4
                    ? Int64(try array.buffers[0].number(Int32.self, at: place))
                    : try array.buffers[0].number(Int64.self, at: place)
                return min(max(Self.micros(value, unit), 0), 86_399_999_999)
            }
        case .timestamp(let unit, true):
            try fill(count, vector, base) { index throws(ArrowFault) -> Int64 in
                Self.micros(try array.buffers[0].number(Int64.self, at: (start + index) * 8), unit)
            }
        case .duration(let unit):
            try fill(count, vector, base) { index throws(ArrowFault) -> duck_interval in
                duck_interval(
                    months: 0, days: 0,
                    micros: Self.micros(try array.buffers[0].number(Int64.self, at: (start + index) * 8), unit))
            }
        case .decimal(let width, _): try decimals(array, start, count, vector, base, width)
        case .bytes(let isText, _), .view(let isText): try texts(array, start, count, vector, base, isText: isText)
        case .fixedBytes: try texts(array, start, count, vector, base, isText: false)
        case .structure(let fields):
            for index in fields.indices {
                guard index < array.children.count else { throw .broken }
                try write(
                    array.children[index], start, count,
                    to: functions.library.structChild(vector, duck_idx(index)), at: base)
            }
        case .list(_, let isLarge):
            try lists(array, start, count, vector, base) { index throws(ArrowFault) in
                try array.span(index, isLarge: isLarge)
            }
        case .map:
            try lists(array, start, count, vector, base) { index throws(ArrowFault) in
                try array.span(index, isLarge: false)
            }
        case .fixedList(_, let size):
            try lists(array, start, count, vector, base) { index throws(ArrowFault) in
                let (first, overflow) = index.multipliedReportingOverflow(by: size)
                guard !overflow else { throw ArrowFault.broken }
                return first..<first + size
            }
        case .dictionary(_, let bytes, let isSigned, _):
            for index in 0..<count where try array.isThere(start + index) {
                let word = try array.word(start + index, bytes: bytes, isSigned: isSigned)
                guard let words = array.words, (0..<words.count).contains(word) else { throw .broken }
                try write(words, word, 1, to: vector, at: base + index)
            }
        }
    }

    private func setNull(_ places: Range<Int>, _ vector: UnsafeMutableRawPointer?) {
        functions.ensureValidity(vector)
        guard let mask = functions.library.vectorValidity(vector) else { return }
        for place in places { mask[place >> 6] &= ~(1 << UInt64(place & 63)) }
    }

    /// Values that the engine keeps as Arrow does.
    private func copy(
        _ array: ArrowArray, _ start: Int, _ count: Int, _ vector: UnsafeMutableRawPointer?, _ base: Int, _ width: Int
    ) throws(ArrowFault) {
        guard (start + count) * width <= array.buffers[0].count else { throw .broken }
        guard let data = functions.library.vectorData(vector) else { return }
        array.buffers[0].withUnsafeBytes { raw in
            guard let from = raw.baseAddress else { return }
            (data + base * width).copyMemory(from: from + start * width, byteCount: count * width)
        }
    }

    private func fill<Value>(
        _ count: Int, _ vector: UnsafeMutableRawPointer?, _ base: Int, _ value: (Int) throws(ArrowFault) -> Value
    ) throws(ArrowFault) {
        guard let data = functions.library.vectorData(vector)?.assumingMemoryBound(to: Value.self) else { return }
        for index in 0..<count { data[base + index] = try value(index) }
    }

    private func decimals(
        _ array: ArrowArray, _ start: Int, _ count: Int, _ vector: UnsafeMutableRawPointer?, _ base: Int, _ width: Int
    ) throws(ArrowFault) {
        func half(_ index: Int) throws(ArrowFault) -> Int64 {
            try array.buffers[0].number(Int64.self, at: (start + index) * 16)
        }
        switch width {
        case ...4:
            try fill(count, vector, base) { i throws(ArrowFault) in Int16(truncatingIfNeeded: try half(i)) }
        case ...9:
            try fill(count, vector, base) { i throws(ArrowFault) in Int32(truncatingIfNeeded: try half(i)) }
        case ...18: try fill(count, vector, base) { i throws(ArrowFault) in try half(i) }
        default:
            try fill(count, vector, base) { i throws(ArrowFault) in
                duck_hugeint(
                    lower: UInt64(bitPattern: try half(i)),
                    upper: try array.buffers[0].number(Int64.self, at: (start + i) * 16 + 8))
            }
        }
    }

    private func texts(
        _ array: ArrowArray, _ start: Int, _ count: Int, _ vector: UnsafeMutableRawPointer?, _ base: Int, isText: Bool
    ) throws(ArrowFault) {
        for index in 0..<count where try array.isThere(start + index) {
            let bytes = try array.bytes(start + index)
            // The engine believes that texts are texts.
            guard isText, String(validating: bytes, as: UTF8.self) == nil else {
                assign(bytes, vector, base + index)
                continue
            }
            assign(Array(String(decoding: bytes, as: UTF8.self).utf8)[...], vector, base + index)
        }
    }

    private func assign(_ bytes: ArraySlice<UInt8>, _ vector: UnsafeMutableRawPointer?, _ place: Int) {
        bytes.withUnsafeBytes { raw in
            raw.withMemoryRebound(to: CChar.self) {
                functions.assign(vector, duck_idx(place), $0.baseAddress, duck_idx($0.count))
            }
        }
    }

    private func lists(
        _ array: ArrowArray, _ start: Int, _ count: Int, _ vector: UnsafeMutableRawPointer?, _ base: Int,
        _ span: (Int) throws(ArrowFault) -> Range<Int>
    ) throws(ArrowFault) {
        guard array.children.count == 1 else { throw .broken }
        var size = Int(functions.listSize(vector))
        for index in 0..<count {
            var length = 0
            if try array.isThere(start + index) {
                let span = try span(start + index)
                guard span.upperBound <= array.children[0].count else { throw .broken }
                length = span.count
                guard size + length < 1 << 28, functions.reserveList(vector, duck_idx(size + length)) == 0,
                    functions.setListSize(vector, duck_idx(size + length)) == 0
                else { throw ArrowFault("its lists are too long") }
                try write(
                    array.children[0], span.lowerBound, length, to: functions.library.listChild(vector), at: size)
            }
            // Where the entries lie may change with the size.
            functions.library.vectorData(vector)?.assumingMemoryBound(to: duck_list_entry.self)[base + index] =
                duck_list_entry(offset: UInt64(size), length: UInt64(length))
            size += length
        }
    }

    // MARK: Numbers

    private static func micros(_ value: Int64, _ unit: ArrowType.Unit) -> Int64 {
        switch unit {
        case .seconds: value.multipliedReportingOverflow(by: 1_000_000).partialValue
        case .milliseconds: value.multipliedReportingOverflow(by: 1_000).partialValue
        case .microseconds: value
        case .nanoseconds: floored(value, by: 1_000)
        }
    }

    private static func floored(_ value: Int64, by divisor: Int64) -> Int64 {
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? quotient - 1 : quotient
    }

    /// - SeeAlso: IEEE 754, binary16.
    private static func half(_ bits: UInt16) -> Float {
        let sign = UInt32(bits >> 15) << 31
        let (exponent, fraction) = (UInt32(bits >> 10 & 31), UInt32(bits & 1_023))
        switch exponent {
        case 0: return (sign == 0 ? 1 : -1) * Float(fraction) / 16_777_216
        case 31: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
        default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
        }
    }
}
