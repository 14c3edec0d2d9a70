/// Looks at what is text: whether it is code, a template, a configuration, and whether secrets are in it.
struct TextScan {
    let session: ScanSession
    let region: ScanRegion
    let path: String
    /// The last part of the name, in lower case.
    let name: String

    private static let windowSize = 1 << 20
    /// Longest text that is looked into as a whole, in bytes.
    private static let maximumWhole: Int64 = 32 << 20

    /// - Returns: nil when the bytes are no text.
    func format() -> String? {
        guard isText() else { return nil }
        if region.count <= Self.maximumWhole {
            var bytes = session.read(region, at: 0, count: Int(region.count))
            if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
            return look(at: bytes)
        }
        // Lines of data, most likely: only secrets are looked for, and only in the beginning.
        SecretScan(session: session, path: path).run(session.read(region, at: 0, count: Int(Self.maximumWhole)))
        if name.hasSuffix(".jinja") {
            session.note("template", .unknown, "template.long", at: path, "is a template too long to look at")
        }
        return "text"
    }

    private func look(at bytes: [UInt8]) -> String {
        SecretScan(session: session, path: path).run(bytes)
        let first = bytes.first { $0 > 0x20 }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "["),
            ConfigurationScan(session: session, path: path).run(bytes)
        {
            return "json"
        }
        let text = String(decoding: bytes, as: UTF8.self)
        if let kind = SourceCode.kind(of: bytes) {
            session.note("remote-code", .suspicious, "remote-code.source", at: path, "is \(kind), which may be run")
            return "code"
        }
        if name.hasSuffix(".jinja") || name.hasSuffix(".jinja2") || name.hasSuffix(".j2"), TemplateScan.isTemplate(text)
        {
            TemplateScan(session: session, place: path).run(text)
            return "template"
        }
        if name.hasSuffix(".json"), first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            session.note("remote-code", .unknown, "json.broken", at: path, "is no JSON, as far as can be read here")
        }
        if name.hasSuffix(".yaml") || name.hasSuffix(".yml"), text.contains("!!python/") {
            session.note("remote-code", .dangerous, "yaml.python", at: path, "makes objects of Python")
        }
        return "text"
    }

    /// UTF-8 without control characters.
    private func isText() -> Bool {
        var at: Int64 = 0
        var carried: [UInt8] = []
        while at < region.count {
            let bytes = session.read(region, at: at, count: Self.windowSize)
            guard !bytes.isEmpty else { return false }
            at += Int64(bytes.count)
            var window = carried + bytes
            carried = []
            guard Self.isPrintable(window) else { return false }
            if at < region.count {
                // A character may go on in the next window.
                let cut = window.suffix(3).lastIndex { $0 >= 0xC0 }
                if let cut {
                    carried = Array(window[cut...])
                    window.removeLast(window.count - cut)
                }
            }
            guard Self.isUnicode(window) else { return false }
        }
        return true
    }

    private static func isUnicode(_ bytes: [UInt8]) -> Bool {
        let isPlain = bytes.withUnsafeBufferPointer { bytes in
            var all: UInt8 = 0
            for byte in bytes { all |= byte }
            return all < 0x80
        }
        return isPlain || String(validating: bytes, as: UTF8.self) != nil
    }

    private static func isPrintable(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { bytes in
            for byte in bytes where byte < 0x20 && !(0x09...0x0D).contains(byte) && byte != 0x1B { return false }
            return true
        }
    }
}
