/// Writes the allowed part of the HTML that people put into documents.
///
/// No tag and no attribute of theirs is passed on as it is: each is read, judged and written anew.
struct MarkdownHTML {
    let emitter: MarkdownEmitter

    func write(_ markup: ArraySlice<UInt8>) {
        for token in RawMarkup.tokens(markup) {
            switch token {
            case .text(let text): write(text: text)
            case .start(let name, let attributes, let isClosed): open(name, attributes, isClosed: isClosed)
            case .end(let name): close(name)
            }
        }
    }

    private func write(text: ArraySlice<UInt8>) {
        var start = text.startIndex
        var index = start
        while index < text.endIndex {
            guard text[index] == UInt8(ascii: "&"), let end = CharacterReferences.end(in: text[index...]) else {
                index += 1
                continue
            }
            if start < index { emitter.writer.write(text: text[start..<index]) }
            emitter.writer.write(reference: text[index..<end])
            start = end
            index = end
        }
        if start < text.endIndex { emitter.writer.write(text: text[start...]) }
    }

    // MARK: Tags

    private func open(_ name: String, _ attributes: [RawMarkup.Attribute], isClosed: Bool) {
        if emitter.writer.muted > 0 {
            if MarkdownTag.dropped.contains(name), !isClosed { emitter.writer.openDropped(name) }
            return
        }
        if MarkdownTag.dropped.contains(name) {
            if !isClosed || name == "script" || name == "style" { emitter.writer.openDropped(name) }
            return
        }
        guard let tag = MarkdownTag(name: name), makeRoom(for: tag) else { return }
        let values =
            attributes.isEmpty
            ? [:] : Dictionary(attributes.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        switch tag {
        case .img: writeImage(values)
        case .source: writeSource(values)
        case .br, .hr, .col:
            emitter.writer.write(tag.opening + allowed(values, tag) + Array(">".utf8))
        case .a: openAnchor(values)
        case .table: emitter.openTable(attributes: allowed(values, tag))
        case .h1, .h2, .h3, .h4, .h5, .h6:
            emitter.writer.open(tag, isMarkdown: false, attributes: allowed(values, tag))
            if let id = identifier(values) {
                emitter.writer.write(Array("<span".utf8) + id + Array("></span>".utf8))
            }
        default:
            var written = allowed(values, tag)
            if let id = identifier(values) { written += id }
            if tag == .pre { written += " tabindex=\"0\"".utf8 }
            emitter.writer.open(tag, isMarkdown: false, attributes: written)
        }
    }

    private func close(_ name: String) {
        let writer = emitter.writer
        guard !writer.isTooDeep else { return }
        if writer.muted > 0 {
            guard let index = writer.stack[writer.reach...].lastIndex(where: { $0.dropped != nil }),
                writer.stack[index].dropped == name
            else { return }
            emitter.writer.closeHTML(downTo: index)
            return
        }
        guard let tag = MarkdownTag(name: name), !tag.isVoid else { return }
        let isHeading = tag.isHeading
        guard
            let index = writer.stack[writer.reach...].lastIndex(where: {
                $0.tag == tag || (isHeading && $0.tag.isHeading) || ($0.tag.isScope && !tag.isOfTable)
            }), writer.stack[index].tag == tag || (isHeading && writer.stack[index].tag.isHeading)
        else { return }
        emitter.writer.closeHTML(downTo: index)
    }

    /// Closes what a tag closes, and says whether it may stand here at all.
    private func makeRoom(for tag: MarkdownTag) -> Bool {
        let writer = emitter.writer
        guard !writer.isTooDeep else { return tag.isVoid }
        let open = writer.stack[writer.reach...]
        /// The innermost of some elements within the innermost table or cell.
        func innermost(_ tags: [MarkdownTag]) -> Int? {
            for index in open.indices.reversed() {
                if tags.contains(open[index].tag) { return index }
                if open[index].tag.isScope { return nil }
            }
            return nil
        }
        if tag.isPhrasing {
            switch tag {
            case .a:
                if let index = innermost([.a]) { emitter.writer.closeHTML(downTo: index) }
                return !emitter.writer.isInAnchor
            case .source: return open.last?.tag == .picture
            default: return true
            }
        }
        // Within lines of text there are no blocks, unless md4c does not know that the first of them is one.
        writer.widenParagraph()
        if writer.reach > 0, Self.takesTextOnly(writer.stack[writer.reach - 1].tag) { return false }
        switch tag {
        case .li: return makeRoom(in: innermost([.ul, .ol, .li]), closing: [.li])
        case .dt, .dd: return makeRoom(in: innermost([.dl, .dt, .dd]), closing: [.dt, .dd])
        case .summary: return open.last?.tag == .details
        case .caption, .colgroup, .thead, .tbody, .tfoot, .tr, .td, .th, .col: return makeRoomInTable(for: tag)
        default: break
        }
        if tag.isHeading, let index = open.indices.reversed().first(where: { open[$0].tag.isHeading }) {
            emitter.writer.closeHTML(downTo: index)
        } else if let index = innermost([.p]) {
            emitter.writer.closeHTML(downTo: index)
        }
        return true
    }

    private func makeRoom(in index: Int?, closing tags: [MarkdownTag]) -> Bool {
        guard let index else { return false }
        let isClosed = tags.contains(emitter.writer.stack[index].tag)
        emitter.writer.closeHTML(downTo: isClosed ? index : index + 1)
        guard isClosed else { return true }
        // What held the closed item must hold this one, too.
        guard let last = emitter.writer.stack.last, emitter.writer.stack.count > emitter.writer.reach else {
            return false
        }
        return last.tag == .ul || last.tag == .ol || last.tag == .dl
    }

    private func makeRoomInTable(for tag: MarkdownTag) -> Bool {
        let writer = emitter.writer
        let holders: [MarkdownTag] =
            switch tag {
            case .td, .th: [.tr, .table, .thead, .tbody, .tfoot]
            case .tr: [.table, .thead, .tbody, .tfoot]
            case .col: [.colgroup, .table]
            default: [.table]
            }
        guard let index = writer.stack[writer.reach...].lastIndex(where: { holders.contains($0.tag) }) else {
            return false
        }
        emitter.writer.closeHTML(downTo: index + 1)
        if tag == .td || tag == .th, writer.stack[index].tag != .tr { emitter.writer.open(.tr, isMarkdown: false) }
        return true
    }

    private static func takesTextOnly(_ tag: MarkdownTag) -> Bool { tag.isPhrasing || tag.isHeading || tag == .p }

    // MARK: Elements with addresses

    private func openAnchor(_ values: [String: [UInt8]]) {
        var attributes = allowed(values, .a)
        if let id = identifier(values) { attributes += id }
        guard let href = values["href"], let link = emitter.addresses.link(emitter.writer.plain(href[...])) else {
            emitter.writer.open(.a, isMarkdown: false, attributes: attributes)
            return
        }
        emitter.writer.open(
            .a, isMarkdown: false, attributes: link.attributes + attributes, address: Array(link.href.utf8))
    }

    private func writeImage(_ values: [String: [UInt8]]) {
        var size: [UInt8] = []
        for name in ["width", "height", "align"] as [StaticString] {
            if let value = values["\(name)"], let checked = Self.checked("\(name)", value) {
                MarkdownEmitter.append(name, checked, to: &size)
            }
        }
        emitter.writePicture(
            source: emitter.writer.plain((values["src"] ?? [])[...]),
            title: emitter.writer.plain((values["title"] ?? [])[...]),
            description: emitter.writer.plain((values["alt"] ?? [])[...]), size: size)
    }

    private func writeSource(_ values: [String: [UInt8]]) {
        guard let set = values["srcset"] else { return }
        let pictures = String(decoding: emitter.writer.plain(set[...]), as: UTF8.self).split(separator: ",").prefix(8)
            .compactMap { candidate -> String? in
                let parts = candidate.split(whereSeparator: \.isWhitespace)
                guard let source = parts.first, parts.count <= 2,
                    let image = emitter.addresses.image(Array(source.utf8)), !image.address.contains(",")
                else { return nil }
                let descriptor = parts.dropFirst().first.map { " \($0)" } ?? ""
                guard descriptor.dropFirst().allSatisfy({ $0.isNumber || "wx.".contains($0) }) else { return nil }
                return image.address + descriptor
            }
        guard !pictures.isEmpty else { return }
        var attributes: [UInt8] = []
        MarkdownEmitter.append("srcset", Array(pictures.joined(separator: ", ").utf8), to: &attributes)
        if let media = values["media"] {
            let query = String(decoding: media, as: UTF8.self).lowercased().filter { !$0.isWhitespace }
            switch query {
            case "(prefers-color-scheme:dark)": attributes += " media=\"(prefers-color-scheme: dark)\"".utf8
            case "(prefers-color-scheme:light)": attributes += " media=\"(prefers-color-scheme: light)\"".utf8
            default: return
            }
        }
        emitter.writer.write(Array("<source".utf8) + attributes + Array(">".utf8))
    }

    // MARK: Attributes

    private func identifier(_ values: [String: [UInt8]]) -> [UInt8]? {
        guard let written = values["id"] ?? values["name"],
            let id = emitter.writer.id(String(decoding: emitter.writer.plain(written.prefix(200)), as: UTF8.self))
        else { return nil }
        var bytes: [UInt8] = []
        MarkdownEmitter.append("id", Array(id.utf8), to: &bytes)
        return bytes
    }

    private func allowed(_ values: [String: [UInt8]], _ tag: MarkdownTag) -> [UInt8] {
        guard !values.isEmpty else { return [] }
        var names: [StaticString] = ["title", "lang", "dir", "class"]
        switch tag {
        case .td, .th: names += ["align", "colspan", "rowspan", "width", "height"]
        case .table, .col, .colgroup, .tr, .thead, .tbody, .tfoot, .caption: names += ["align", "width"]
        case .p, .div, .hr, .h1, .h2, .h3, .h4, .h5, .h6: names += ["align"]
        case .ol: names += ["start"]
        case .details: names += ["open"]
        default: break
        }
        var bytes: [UInt8] = []
        for name in names {
            guard let value = values["\(name)"] else { continue }
            if "\(name)" == "open" {
                bytes += " open".utf8
            } else if let checked = Self.checked("\(name)", emitter.writer.plain(value[...])) {
                MarkdownEmitter.append(name, checked, to: &bytes)
            }
        }
        return bytes
    }

    /// The value as it may be written; nil for one that may not.
    private static func checked(_ name: String, _ value: [UInt8]) -> [UInt8]? {
        let text = String(decoding: value, as: UTF8.self)
        switch name {
        case "title": return value
        case "align":
            let word = text.lowercased()
            return ["left", "right", "center", "justify", "top", "middle", "bottom"].contains(word)
                ? Array(word.utf8) : nil
        case "width", "height":
            let digits = text.hasSuffix("%") ? text.dropLast() : text.hasSuffix("px") ? text.dropLast(2) : text[...]
            guard let number = Int(digits), (0...4_000).contains(number) else { return nil }
            return Array((text.hasSuffix("%") ? "\(min(number, 100))%" : "\(number)").utf8)
        case "colspan", "rowspan":
            guard let number = Int(text), (1...100).contains(number) else { return nil }
            return Array("\(number)".utf8)
        case "start":
            guard let number = Int(text), abs(number) < 1_000_000_000 else { return nil }
            return Array("\(number)".utf8)
        case "lang":
            let isTag =
                (1...35).contains(text.utf8.count)
                && text.utf8.allSatisfy {
                    (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) || $0 == 0x2D
                }
            return isTag ? value : nil
        case "dir":
            let word = text.lowercased()
            return ["ltr", "rtl", "auto"].contains(word) ? Array(word.utf8) : nil
        case "class":
            let names = text.split(whereSeparator: \.isWhitespace).filter {
                $0.hasPrefix("md-") && $0.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x2D }
            }
            return names.isEmpty ? nil : Array(names.joined(separator: " ").utf8)
        default: return nil
        }
    }
}
