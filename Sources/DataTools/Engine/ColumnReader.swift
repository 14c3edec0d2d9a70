import CDuckDB
import Glibc

/// Reads the types and the values of an answer into our own types and into JSON.
struct ColumnReader {
    let library: DuckDBLibrary

    /// Levels of nesting that are looked at.
    private static let depthLimit = 32
    /// Members of a structure, and names of an enumeration.
    private static let memberLimit = 4_096

    // MARK: Types

    func type(_ handle: UnsafeMutableRawPointer?, depth: Int = 0) -> ColumnType {
        guard let handle else { return ColumnType(.other) }
        var owned: UnsafeMutableRawPointer? = handle
        defer { library.destroyType(&owned) }
        guard depth < Self.depthLimit else { return ColumnType(.other) }
        switch library.typeID(handle) {
        case 1: return ColumnType(.boolean)
        case 2: return ColumnType(.int8)
        case 3: return ColumnType(.int16)
        case 4: return ColumnType(.int32)
        case 5: return ColumnType(.int64)
        case 6: return ColumnType(.uint8)
        case 7: return ColumnType(.uint16)
        case 8: return ColumnType(.uint32)
        case 9: return ColumnType(.uint64)
        case 10: return ColumnType(.float32)
        case 11: return ColumnType(.float64)
        case 12: return ColumnType(.timestamp, unit: "us")
        case 13: return ColumnType(.date)
        case 14: return ColumnType(.time)
        case 15: return ColumnType(.interval)
        case 16: return ColumnType(.int128)
        case 17: return ColumnType(.text)
        case 18: return ColumnType(.blob)
        case 19:
            return ColumnType(
                .decimal, size: Int(library.decimalScale(handle)), width: Int(library.decimalWidth(handle)))
        case 20: return ColumnType(.timestamp, unit: "s")
        case 21: return ColumnType(.timestamp, unit: "ms")
        case 22: return ColumnType(.timestamp, unit: "ns")
        case 23: return ColumnType(.enumeration)
        case 24: return ColumnType(.list, children: [type(library.listType(handle), depth: depth + 1)])
        case 25:
            let count = min(Int(library.structCount(handle)), Self.memberLimit)
            return ColumnType(
                .structure,
                children: (0..<count).map { type(library.structType(handle, duck_idx($0)), depth: depth + 1) },
                names: (0..<count).map { library.take(library.structName(handle, duck_idx($0))) })
        case 26:
            return ColumnType(
                .map,
                children: [
                    type(library.mapKeyType(handle), depth: depth + 1),
                    type(library.mapValueType(handle), depth: depth + 1),
                ])
        case 27: return ColumnType(.uuid)
        case 28:
            let count = min(Int(library.unionCount(handle)), Self.memberLimit)
            return ColumnType(
                .union,
                children: (0..<count).map { type(library.unionType(handle, duck_idx($0)), depth: depth + 1) },
                names: (0..<count).map { library.take(library.unionName(handle, duck_idx($0))) })
        case 31: return ColumnType(.timestampTZ, unit: "us")
        case 32: return ColumnType(.uint128)
        case 33:
            return ColumnType(
                .array, children: [type(library.arrayType(handle), depth: depth + 1)],
                size: Int(library.arraySize(handle)))
        case 36: return ColumnType(.null)
        default: return ColumnType(.other)
        }
    }

    // MARK: Values

    /// Writes one value as JSON.
    func write(_ row: Int, of vector: UnsafeMutableRawPointer?, _ type: ColumnType, to out: inout CellWriter) {
        guard let vector, out.enter() else { return out.raw("null") }
        defer { out.leave() }
        if let validity = library.vectorValidity(vector), validity[row >> 6] & (1 << UInt64(row & 63)) == 0 {
            return out.raw("null")
        }
        switch type.kind {
        case .list:
            guard let entries = data(vector, duck_list_entry.self) else { return out.raw("null") }
            let entry = entries[row]
            elements(
                Int(entry.offset)..<Int(entry.offset + entry.length), of: library.listChild(vector), type.children[0],
                to: &out)
        case .array:
            elements(
                row * type.size..<(row + 1) * type.size, of: library.arrayChild(vector), type.children[0], to: &out)
        case .structure: structure(row, of: vector, type, to: &out)
        case .map: map(row, of: vector, type, to: &out)
        case .union:
            // Its first member says which of the others it is.
            guard let tags = data(library.structChild(vector, 0), UInt8.self) else { return out.raw("null") }
            let tag = Int(tags[row])
            guard tag < type.children.count else { return out.raw("null") }
            write(row, of: library.structChild(vector, duck_idx(tag + 1)), type.children[tag], to: &out)
        default: scalar(row, of: vector, type, to: &out)
        }
    }

    private func elements(
        _ range: Range<Int>, of child: UnsafeMutableRawPointer?, _ type: ColumnType, to out: inout CellWriter
    ) {
        out.raw("[")
        for index in range {
            guard out.hasRoom else {
                out.cut()
                break
            }
            if index > range.lowerBound { out.raw(",") }
            write(index, of: child, type, to: &out)
        }
        out.raw("]")
    }

    private func structure(
        _ row: Int, of vector: UnsafeMutableRawPointer, _ type: ColumnType, to out: inout CellWriter
    ) {
        out.raw("{")
        for (index, (name, child)) in zip(type.names, type.children).enumerated() {
            guard out.hasRoom else {
                out.cut()
                break
            }
            if index > 0 { out.raw(",") }
            out.text(name)
            out.raw(":")
            write(row, of: library.structChild(vector, duck_idx(index)), child, to: &out)
        }
        out.raw("}")
    }

    /// A map is a list of structures of a key and a value.
    private func map(_ row: Int, of vector: UnsafeMutableRawPointer, _ type: ColumnType, to out: inout CellWriter) {
        guard let entries = data(vector, duck_list_entry.self), let child = library.listChild(vector) else {
            return out.raw("null")
        }
        let (keys, values) = (library.structChild(child, 0), library.structChild(child, 1))
        let hasNames = type.children[0].kind == .text
        let range = Int(entries[row].offset)..<Int(entries[row].offset + entries[row].length)
        out.raw(hasNames ? "{" : "[")
        for index in range {
            guard out.hasRoom else {
                out.cut()
                break
            }
            if index > range.lowerBound { out.raw(",") }
            if !hasNames { out.raw("[") }
            write(index, of: keys, type.children[0], to: &out)
            out.raw(hasNames ? ":" : ",")
            write(index, of: values, type.children[1], to: &out)
            if !hasNames { out.raw("]") }
        }
        out.raw(hasNames ? "}" : "]")
    }

    private func data<Value>(_ vector: UnsafeMutableRawPointer?, _ type: Value.Type) -> UnsafePointer<Value>? {
        vector.flatMap { library.vectorData($0) }.map { UnsafePointer($0.assumingMemoryBound(to: type)) }
    }

    private func scalar(_ row: Int, of vector: UnsafeMutableRawPointer, _ type: ColumnType, to out: inout CellWriter) {
        guard let base = library.vectorData(vector) else { return out.raw("null") }
        func value<Value>(_ type: Value.Type) -> Value { base.assumingMemoryBound(to: type)[row] }
        switch type.kind {
        case .boolean: out.raw(value(UInt8.self) != 0 ? "true" : "false")
        case .int8: out.raw(String(value(Int8.self)))
        case .int16: out.raw(String(value(Int16.self)))
        case .int32: out.raw(String(value(Int32.self)))
        case .int64: out.raw(String(value(Int64.self)))
        case .uint8: out.raw(String(value(UInt8.self)))
        case .uint16: out.raw(String(value(UInt16.self)))
        case .uint32: out.raw(String(value(UInt32.self)))
        case .uint64: out.raw(String(value(UInt64.self)))
        case .int128: out.raw(String(Self.wide(value(duck_hugeint.self))))
        case .uint128: out.raw(String(UInt128(truncatingIfNeeded: Self.wide(value(duck_hugeint.self)))))
        case .float32:
            let number = value(Float.self)
            out.raw(number.isFinite ? "\(number)" : "null")
        case .float64:
            let number = value(Double.self)
            out.raw(number.isFinite ? "\(number)" : "null")
        case .decimal: out.raw(decimal(row, base, vector, type))
        case .text: bytes(row, base) { out.text($0) }
        case .blob: bytes(row, base) { out.blob($0) }
        case .date: out.text(TimeFormat.date(Int64(value(Int32.self))))
        case .time: out.text(TimeFormat.time(value(Int64.self)))
        case .timestamp: out.text(TimeFormat.timestamp(value(Int64.self), unit: type.unit))
        case .timestampTZ: out.text(TimeFormat.timestamp(value(Int64.self), unit: type.unit) + "+00:00")
        case .interval:
            let interval = value(duck_interval.self)
            out.text("\(interval.months) months \(interval.days) days \(interval.micros) microseconds")
        case .uuid: out.text(TimeFormat.uuid(value(duck_hugeint.self)))
        case .enumeration: out.text(enumeration(row, base, vector))
        default: out.raw("null")
        }
    }

    private static func wide(_ value: duck_hugeint) -> Int128 {
        Int128(value.upper) << 64 | Int128(truncatingIfNeeded: UInt128(value.lower))
    }

    private func bytes(_ row: Int, _ base: UnsafeMutableRawPointer, _ body: (UnsafeRawBufferPointer) -> Void) {
        // 16 bytes: a length and, up to 12 bytes, the text itself; else where it is.
        let place = base + row * 16
        let length = Int(place.load(as: UInt32.self))
        if length <= 12 {
            body(UnsafeRawBufferPointer(start: place + 4, count: length))
        } else {
            let pointer = place.load(as: duck_string_pointer.self).pointer
            body(UnsafeRawBufferPointer(start: pointer, count: length))
        }
    }

    private func decimal(
        _ row: Int, _ base: UnsafeMutableRawPointer, _ vector: UnsafeMutableRawPointer, _ type: ColumnType
    ) -> String {
        let number: Int128 =
            switch type.width {
            case ...4: Int128(base.assumingMemoryBound(to: Int16.self)[row])
            case ...9: Int128(base.assumingMemoryBound(to: Int32.self)[row])
            case ...18: Int128(base.assumingMemoryBound(to: Int64.self)[row])
            default: Self.wide(base.assumingMemoryBound(to: duck_hugeint.self)[row])
            }
        var digits = String(number.magnitude)
        if type.size > 0 {
            digits = String(repeating: "0", count: max(0, type.size + 1 - digits.count)) + digits
            digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -type.size))
        }
        return number < 0 ? "-" + digits : digits
    }

    private func enumeration(
        _ row: Int, _ base: UnsafeMutableRawPointer, _ vector: UnsafeMutableRawPointer
    ) -> String {
        guard let handle = library.vectorType(vector) else { return "" }
        var owned: UnsafeMutableRawPointer? = handle
        defer { library.destroyType(&owned) }
        let index: duck_idx =
            switch library.enumStorage(handle) {
            case 6: duck_idx(base.assumingMemoryBound(to: UInt8.self)[row])
            case 7: duck_idx(base.assumingMemoryBound(to: UInt16.self)[row])
            default: duck_idx(base.assumingMemoryBound(to: UInt32.self)[row])
            }
        return library.take(library.enumText(handle, index))
    }
}
