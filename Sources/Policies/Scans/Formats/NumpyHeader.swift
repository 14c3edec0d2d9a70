/// What the header of a NumPy array file says.
/// - SeeAlso: `numpy.lib.format`, versions 1 to 3.
struct NumpyHeader {
    /// Where the elements begin.
    let data: Int64
    /// Bytes of all elements; nil where that is not known.
    let size: Int64?
    /// Whether elements are objects, which are stored as a pickle.
    let hasObjects: Bool

    static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]
    private static let maximumLength: Int64 = 1 << 20

    init(_ session: ScanSession, _ region: ScanRegion) throws(ScanStop) {
        var reader = RegionReader(session, region)
        guard try reader.bytes(6) == Self.magic else { throw .fault("does not begin as an array") }
        let version = try reader.byte()
        _ = try reader.byte()
        guard (1...3).contains(version) else { throw .fault("has the version \(version), which is not known here") }
        let length = Int64(try reader.number(version == 1 ? 2 : 4))
        guard length <= Self.maximumLength else { throw .limit("has a header of \(length) bytes") }
        let text = try reader.bytes(length)
        data = reader.position
        guard case .pairs(let pairs)? = PythonLiteral.parse(text) else {
            throw .fault("has a header that is no plain literal")
        }
        var layout: (size: Int64?, hasObjects: Bool)?
        var count: Int64?
        for (key, value) in pairs {
            switch (key, value) {
            case ("descr", _) where layout == nil: layout = Self.layout(value, depth: 0)
            case ("shape", .list(let sizes)) where count == nil: count = Self.product(sizes)
            case ("fortran_order", .truth): break
            default: throw .fault("has a header that says more than what an array is")
            }
        }
        guard let layout, let count else { throw .fault("does not say what its elements are, and how many") }
        hasObjects = layout.hasObjects
        if let width = layout.size {
            let (size, overflow) = width.multipliedReportingOverflow(by: count)
            guard !overflow else { throw .fault("has a shape that nothing could hold") }
            self.size = size
        } else {
            size = nil
        }
    }

    /// Whether the stretch is an array of numbers or texts, and nothing else.
    static func isPlainArray(_ session: ScanSession, _ region: ScanRegion) -> Bool {
        guard let header = try? NumpyHeader(session, region), !header.hasObjects, let size = header.size else {
            return false
        }
        return size == region.count - header.data
    }

    private static func product(_ sizes: [PythonLiteral]) -> Int64? {
        var product: Int64 = 1
        for size in sizes {
            guard case .number(let size) = size else { return nil }
            let (next, overflow) = product.multipliedReportingOverflow(by: size)
            guard !overflow else { return nil }
            product = next
        }
        return product
    }

    /// Bytes of an element, and whether there are objects in it.
    private static func layout(_ literal: PythonLiteral, depth: Int) -> (size: Int64?, hasObjects: Bool) {
        switch literal {
        case .text(let code): return simple(code)
        case .list(let fields):
            var sum: Int64? = 0
            var hasObjects = false
            for field in fields {
                // (name, type) or (name, type, shape)
                guard depth < 8, case .list(let parts) = field, (2...3).contains(parts.count) else {
                    return (nil, true)
                }
                let inner = layout(parts[1], depth: depth + 1)
                hasObjects = hasObjects || inner.hasObjects
                var count: Int64? = 1
                if parts.count == 3 {
                    switch parts[2] {
                    case .list(let sizes): count = product(sizes)
                    case .number(let size): count = size
                    default: count = nil
                    }
                }
                guard let before = sum, let size = inner.size, let count else {
                    sum = nil
                    continue
                }
                let (bytes, overflow) = size.multipliedReportingOverflow(by: count)
                let (next, tooFar) = before.addingReportingOverflow(bytes)
                sum = overflow || tooFar ? nil : next
            }
            return (sum, hasObjects)
        default: return (nil, true)
        }
    }

    private static func simple(_ code: String) -> (size: Int64?, hasObjects: Bool) {
        var rest = Substring(code)
        if let order = rest.first, "<>|=".contains(order) { rest = rest.dropFirst() }
        guard let kind = rest.popFirst() else { return (nil, true) }
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        let after = rest.dropFirst(digits.count)
        let width = Int64(digits) ?? (kind == "?" ? 1 : nil)
        // Dates have their unit after the size.
        guard after.isEmpty || "mM".contains(kind) && after.hasPrefix("[") && after.hasSuffix("]") else {
            return (nil, true)
        }
        switch kind {
        case "b", "i", "u", "f", "c", "m", "M", "S", "V", "?", "a": return (width, false)
        case "U":
            let (size, overflow) = (width ?? 0).multipliedReportingOverflow(by: 4)
            return (overflow ? nil : size, false)
        default: return (nil, true)
        }
    }
}
