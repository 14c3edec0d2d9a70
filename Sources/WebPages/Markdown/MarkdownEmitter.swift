internal import CMd4c

/// Makes markup of what the parser finds.
///
/// One is used for one document, on one thread.
final class MarkdownEmitter {
    let writer: MarkdownWriter
    let addresses: MarkdownAddresses
    let context: PageContext
    private(set) var hasDiagrams = false
    private(set) var hasMath = false
    /// Whether a block of code was too long to be written whole.
    private(set) var isCut = false

    /// Text that is not written yet: whole words are needed to find names in it.
    private var pending: [UInt8] = []
    /// HTML that is not read yet.
    private var markup: [UInt8] = []
    /// Of the block of code that is open.
    private var code: [UInt8]?
    private var codeLanguage = ""
    /// Pictures around the current place; the text within is their description.
    private var pictures = 0
    private var picture: (source: [UInt8], title: [UInt8]) = ([], [])
    private var description: [UInt8] = []
    /// A link that may be an address in running text, which Chinese punctuation ends and the parser does not.
    private var deferred: (href: [UInt8], title: [UInt8])?
    private var tables = 0
    private var isInHead = false

    /// Bytes of a block of code that gets colours, and of one that gets a button to copy it.
    private static let longestCode = 100_000
    private static let longestCopy = 20_000
    private static let mostCode = 400_000

    init(writer: MarkdownWriter, addresses: MarkdownAddresses, context: PageContext) {
        self.writer = writer
        self.addresses = addresses
        self.context = context
    }

    /// Parses a text.
    func run(_ text: [UInt8]) {
        var parser = MD_PARSER()
        parser.flags =
            UInt32(MD_FLAG_PERMISSIVEURLAUTOLINKS | MD_FLAG_PERMISSIVEEMAILAUTOLINKS | MD_FLAG_PERMISSIVEWWWAUTOLINKS)
            | UInt32(MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_TASKLISTS)
        parser.enter_block = { type, detail, user in
            MarkdownEmitter.from(user)?.enterBlock(type, detail)
            return 0
        }
        parser.leave_block = { type, detail, user in
            MarkdownEmitter.from(user)?.leaveBlock(type)
            return 0
        }
        parser.enter_span = { type, detail, user in
            MarkdownEmitter.from(user)?.enterSpan(type, detail)
            return 0
        }
        parser.leave_span = { type, detail, user in
            MarkdownEmitter.from(user)?.leaveSpan(type)
            return 0
        }
        parser.text = { type, text, size, user in
            guard let emitter = MarkdownEmitter.from(user), !emitter.writer.isFull, let text else { return 0 }
            text.withMemoryRebound(to: UInt8.self, capacity: Int(size)) { start in
                emitter.text(type, UnsafeBufferPointer(start: start, count: Int(size)))
            }
            return 0
        }
        let user = Unmanaged.passUnretained(self).toOpaque()
        text.withUnsafeBytes { bytes in
            guard let start = bytes.bindMemory(to: MD_CHAR.self).baseAddress else { return }
            _ = md_parse(start, MD_SIZE(bytes.count), &parser, user)
        }
        flush()
        writer.end()
    }

    private static func from(_ user: UnsafeMutableRawPointer?) -> MarkdownEmitter? {
        user.map { Unmanaged<MarkdownEmitter>.fromOpaque($0).takeUnretainedValue() }
    }

    // MARK: Blocks

    private func enterBlock(_ type: MD_BLOCKTYPE, _ detail: UnsafeMutableRawPointer?) {
        flush()
        switch type {
        case MD_BLOCK_QUOTE: openBlock(.blockquote)
        case MD_BLOCK_UL: openBlock(.ul)
        case MD_BLOCK_OL:
            let start = detail?.assumingMemoryBound(to: MD_BLOCK_OL_DETAIL.self).pointee.start ?? 1
            openBlock(.ol, attributes: start == 1 ? "" : " start=\"\(start)\"")
        case MD_BLOCK_LI: openItem(detail?.assumingMemoryBound(to: MD_BLOCK_LI_DETAIL.self).pointee)
        case MD_BLOCK_HR:
            closeParagraph()
            writer.write("<hr>\n")
            writer.open(.hr, isMarkdown: true, isSilent: true)
        case MD_BLOCK_H:
            let level = detail?.assumingMemoryBound(to: MD_BLOCK_H_DETAIL.self).pointee.level ?? 1
            closeHeading()
            openBlock(MarkdownTag(level: Int(level)))
        case MD_BLOCK_CODE:
            let lang = detail.map { $0.assumingMemoryBound(to: MD_BLOCK_CODE_DETAIL.self).pointee.lang }
            codeLanguage = lang.map { Self.language(attribute($0)) } ?? ""
            code = []
        case MD_BLOCK_HTML:
            markup = []
        case MD_BLOCK_P: openBlock(.p)
        case MD_BLOCK_TABLE: openTable()
        case MD_BLOCK_THEAD:
            isInHead = true
            openBlock(.thead)
        case MD_BLOCK_TBODY: openBlock(.tbody)
        case MD_BLOCK_TR: openBlock(.tr)
        case MD_BLOCK_TH, MD_BLOCK_TD:
            openCell(detail?.assumingMemoryBound(to: MD_BLOCK_TD_DETAIL.self).pointee.align ?? MD_ALIGN_DEFAULT)
        default: break
        }
    }

    private func leaveBlock(_ type: MD_BLOCKTYPE) {
        flush()
        switch type {
        case MD_BLOCK_DOC: break
        case MD_BLOCK_CODE: writeCode()
        case MD_BLOCK_HTML: writer.closeDropped()
        case MD_BLOCK_THEAD:
            isInHead = false
            writer.closeMarkdown()
        case MD_BLOCK_P, MD_BLOCK_QUOTE, MD_BLOCK_UL, MD_BLOCK_OL, MD_BLOCK_LI, MD_BLOCK_TR:
            writer.closeMarkdown()
            writer.write([0x0A])
        default: writer.closeMarkdown()
        }
    }

    private func openBlock(_ tag: MarkdownTag, attributes: String = "") {
        closeParagraph()
        writer.open(tag, isMarkdown: true, attributes: Array(attributes.utf8))
    }

    private func openItem(_ detail: MD_BLOCK_LI_DETAIL?) {
        guard let detail, detail.is_task != 0 else {
            openBlock(.li)
            return
        }
        let isDone = detail.task_mark != CChar(0x20)
        openBlock(.li, attributes: " class=\"md-task\"")
        let label = isDone ? context.t.checkboxDone : context.t.checkboxOpen
        writer.write("<input type=\"checkbox\" disabled\(flag: "checked", isDone) aria-label=\"\(label)\"> ")
    }

    private func openTable() {
        closeParagraph()
        tables += 1
        writer.open(
            .table, isMarkdown: true, before: tableRegion, after: Array("</div>\n".utf8))
    }

    /// What a table scrolls in.
    private var tableRegion: [UInt8] {
        // Regions have names of their own on a page; groups need not.
        let isAlone = addresses.prefix == "md-"
        let open: HTML = """
            <div class="md-table" role="\(isAlone ? "region" : "group")" tabindex="0" aria-label="\(context.t.markdownTable(tables))">
            """
        return open.bytes
    }

    private func openCell(_ align: MD_ALIGN) {
        let attributes =
            switch align {
            case MD_ALIGN_LEFT: " align=\"left\""
            case MD_ALIGN_CENTER: " align=\"center\""
            case MD_ALIGN_RIGHT: " align=\"right\""
            default: ""
            }
        openBlock(isInHead ? .th : .td, attributes: isInHead ? " scope=\"col\"" + attributes : attributes)
    }

    /// Closes what a block closes that starts within a paragraph of somebody's HTML.
    private func closeParagraph() {
        let reach = writer.reach
        guard let index = writer.stack[reach...].lastIndex(where: { $0.tag == .p || $0.tag.isScope }),
            writer.stack[index].tag == .p
        else { return }
        writer.closeHTML(downTo: index)
    }

    private func closeHeading() {
        let reach = writer.reach
        guard let index = writer.stack[reach...].lastIndex(where: { $0.tag.isHeading || $0.tag.isScope }),
            writer.stack[index].tag.isHeading
        else { return }
        writer.closeHTML(downTo: index)
    }

    // MARK: Code

    /// The word behind a fence: `python`, `{.python}`, `py title="x"`.
    private static func language(_ info: [UInt8]) -> String {
        let word = info.drop { "{. ".utf8.contains($0) }.prefix { $0 > 0x20 && !"},:".utf8.contains($0) }
        return String(decoding: word.prefix(32), as: UTF8.self).lowercased()
    }

    private func writeCode() {
        guard let written = code else { return }
        code = nil
        closeParagraph()
        guard writer.muted == 0, !writer.isFull else { return }
        var text = writer.plain(written[...])
        if text.count > Self.mostCode {
            var end = Self.mostCode
            while end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
            text.removeSubrange(end...)
            isCut = true
        }
        writer.markVisible()
        switch codeLanguage {
        case "math", "katex":
            hasMath = true
            var bytes = Array("<p>".utf8)
            MarkdownWriter.write(MathLift.Formula(tex: text, source: text, isDisplay: true), into: &bytes)
            writer.write(bytes + Array("</p>\n".utf8))
        case "mermaid":
            hasDiagrams = true
            let source = String(decoding: text, as: UTF8.self)
            let canDraw = context.assets.vendor("mermaid/index.js") != nil
            writer.write(
                """
                <div class="md-diagram"\(attribute: "data-island", canDraw ? context.assets.own("mermaid.mjs") : nil) \
                data-title="\(context.t.diagramTitle)"><pre class="mermaid" tabindex="0"><code>\(source)</code></pre></div>\n
                """)
        default: writer.write(codeBlock(String(decoding: text, as: UTF8.self)))
        }
    }

    private func codeBlock(_ text: String) -> HTML {
        let size = text.utf8.count
        let language = size <= Self.longestCode ? SourceLanguage(name: codeLanguage) : nil
        var lines = HTML()
        for (index, line) in SyntaxHighlighter.highlight(text, language: language).enumerated() {
            if index > 0 { lines.append("\n") }
            lines.append(line)
        }
        let name = codeLanguage.isEmpty ? nil : codeLanguage
        let button = size <= Self.longestCopy ? CopyText.button(text, context) : HTML()
        return """
            <div class="snippet"><pre tabindex="0"><code\(attribute: "data-language", name)>\(lines)</code></pre>\
            \(button)</div>\n
            """
    }

    // MARK: Spans

    private func enterSpan(_ type: MD_SPANTYPE, _ detail: UnsafeMutableRawPointer?) {
        if type == MD_SPAN_IMG {
            flush()
            pictures += 1
            guard pictures == 1, let image = detail?.assumingMemoryBound(to: MD_SPAN_IMG_DETAIL.self).pointee else {
                return
            }
            picture = (attribute(image.src), attribute(image.title))
            description = []
            return
        }
        guard pictures == 0 else { return }
        flush()
        switch type {
        case MD_SPAN_EM: writer.open(.em, isMarkdown: true)
        case MD_SPAN_STRONG: writer.open(.strong, isMarkdown: true)
        case MD_SPAN_DEL: writer.open(.del, isMarkdown: true)
        case MD_SPAN_U: writer.open(.u, isMarkdown: true)
        case MD_SPAN_CODE:
            writer.open(.code, isMarkdown: true)
        case MD_SPAN_A:
            let link = detail?.assumingMemoryBound(to: MD_SPAN_A_DETAIL.self).pointee
            let href = link.map { attribute($0.href) } ?? []
            let title = link.map { attribute($0.title) } ?? []
            if title.isEmpty, Self.runningAddress(href) != nil {
                deferred = (href, title)
            } else {
                openLink(href, title: title)
            }
        default: writer.open(.span, isMarkdown: true, isSilent: true)
        }
    }

    private func leaveSpan(_ type: MD_SPANTYPE) {
        if type == MD_SPAN_IMG {
            flush()
            pictures -= 1
            if pictures == 0 {
                writePicture(source: picture.source, title: picture.title, description: description, size: [])
            }
            return
        }
        guard pictures == 0 else { return }
        if let link = deferred, markup.isEmpty, pending == link.href, let end = Self.runningAddress(link.href) {
            deferred = nil
            pending.removeAll(keepingCapacity: true)
            openLink(Array(link.href[..<end]), title: [])
            writer.write(text: link.href[..<end])
            writer.closeMarkdown()
            pending += link.href[end...]
            return
        }
        flush()
        writer.closeMarkdown()
    }

    /// Where the address in an absolute address ends that runs on into Chinese; nil for others.
    private static func runningAddress(_ href: [UInt8]) -> Int? {
        guard href.starts(with: "http".utf8), href.contains(where: { $0 >= 0xE2 }) else { return nil }
        for index in href.indices where href[index] >= 0xE2 {
            if let character = Characters.after(index, in: href), Characters.isEastAsianPunctuation(character) {
                return index
            }
        }
        return nil
    }

    private func openLink(_ href: [UInt8], title: [UInt8]) {
        guard !writer.isInAnchor, let address = addresses.link(href) else {
            writer.open(.a, isMarkdown: true, isSilent: true)
            return
        }
        var attributes = address.attributes
        if !title.isEmpty { Self.append("title", title, to: &attributes) }
        writer.open(.a, isMarkdown: true, attributes: attributes, address: Array(address.href.utf8))
    }

    /// A picture of this hub, or a link to one that is elsewhere.
    /// - Parameter size: attributes that say how large it is.
    func writePicture(source: [UInt8], title: [UInt8], description: [UInt8], size: [UInt8]) {
        guard writer.muted == 0 else { return }
        if let image = addresses.image(source) {
            var attributes: [UInt8] = []
            Self.append("src", Array(image.address.utf8), to: &attributes)
            Self.append("alt", description, to: &attributes)
            if !title.isEmpty { Self.append("title", title, to: &attributes) }
            if let name = image.className { Self.append("class", Array(name.utf8), to: &attributes) }
            writer.write(Array("<img".utf8) + attributes + size + Array(" loading=\"lazy\">".utf8))
            if description.contains(where: { $0 > 0x20 }) { writer.markVisible(as: description) }
            return
        }
        let name = description.contains { $0 > 0x20 } ? description : nil
        guard let link = addresses.link(source) else {
            if let name { writer.write(text: name[...]) }
            return
        }
        let text = name ?? Array(context.t.pictureElsewhere(link.host ?? link.href).utf8)
        if writer.isInAnchor {
            writer.write(Array("<span class=\"md-external\">".utf8))
            writer.write(text: text[...])
            writer.write(Array("</span>".utf8))
        } else {
            writer.write(Array("<a class=\"md-external\"".utf8) + link.attributes + Array(">".utf8))
            writer.write(text: text[...])
            writer.write(Array("</a>".utf8))
        }
    }

    static func append(_ name: StaticString, _ value: [UInt8], to attributes: inout [UInt8]) {
        attributes.append(0x20)
        name.withUTF8Buffer { attributes.append(contentsOf: $0) }
        attributes += "=\"".utf8
        MarkdownWriter.escape(value[...], into: &attributes)
        attributes.append(UInt8(ascii: "\""))
    }

    // MARK: Text

    private func text(_ type: MD_TEXTTYPE, _ text: UnsafeBufferPointer<UInt8>) {
        if code != nil {
            if type == MD_TEXT_NULLCHAR {
                code?.append(contentsOf: "\u{FFFD}".utf8)
            } else {
                code?.append(contentsOf: text)
            }
            return
        }
        if pictures > 0 {
            describe(type, text)
            return
        }
        if type == MD_TEXT_HTML {
            flushText()
            markup.append(contentsOf: text)
            return
        }
        if !markup.isEmpty { flush() }
        switch type {
        case MD_TEXT_NORMAL: pending.append(contentsOf: text)
        case MD_TEXT_NULLCHAR: pending.append(contentsOf: "\u{FFFD}".utf8)
        case MD_TEXT_SOFTBR: pending.append(0x0A)
        case MD_TEXT_BR:
            flushText()
            writer.write(Array("<br>\n".utf8))
        case MD_TEXT_ENTITY:
            flushText()
            writer.write(reference: Array(text)[...])
        default:
            flushText()
            writer.write(text: Array(text)[...], isCode: true)
        }
    }

    private func describe(_ type: MD_TEXTTYPE, _ text: UnsafeBufferPointer<UInt8>) {
        switch type {
        case MD_TEXT_NULLCHAR: description.append(contentsOf: "\u{FFFD}".utf8)
        case MD_TEXT_BR, MD_TEXT_SOFTBR: description.append(0x20)
        case MD_TEXT_ENTITY: description.append(contentsOf: CharacterReferences.resolved(Array(text)[...]))
        case MD_TEXT_HTML: break
        default: description.append(contentsOf: writer.plain(Array(text)[...]))
        }
    }

    private func flush() {
        resolveDeferred()
        flushText()
        guard !markup.isEmpty else { return }
        let read = markup
        markup = []
        MarkdownHTML(emitter: self).write(read[...])
    }

    private func resolveDeferred() {
        guard let link = deferred else { return }
        deferred = nil
        openLink(link.href, title: link.title)
    }

    private func flushText() {
        resolveDeferred()
        guard !pending.isEmpty else { return }
        var text = pending[...]
        pending.removeAll(keepingCapacity: true)
        if let rest = openAlert(text) { text = rest }
        let joined = Self.joiningLines(text)
        guard addresses.links.hasMentions, joined.contains(UInt8(ascii: "@")), !writer.isInAnchor else {
            writer.write(text: joined[...])
            return
        }
        for part in Mentions.parts(of: joined[...]) {
            switch part {
            case .text(let text): writer.write(text: text)
            case .name(let name):
                let name = String(decoding: name, as: UTF8.self)
                writer.write("<a class=\"md-mention\" href=\(url: "/" + name)>")
                writer.write(text: Array("@\(name)".utf8)[...])
                writer.write("</a>")
            }
        }
    }

    /// Leaves out the ends of lines that Chinese and Japanese writing runs across.
    private static func joiningLines(_ text: ArraySlice<UInt8>) -> [UInt8] {
        let bytes = Array(text)
        guard bytes.contains(0x0A) else { return bytes }
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        for (index, byte) in bytes.enumerated() {
            if byte == 0x0A, let before = Characters.before(index, in: bytes),
                let after = Characters.after(index + 1, in: bytes), Characters.joinsLines(before),
                Characters.joinsLines(after)
            {
                continue
            }
            out.append(byte)
        }
        return out
    }

    /// Makes a notice of a quote that starts with `[!NOTE]` and the like, and returns what stands behind that.
    private func openAlert(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard text.starts(with: "[!".utf8) else { return nil }
        let stack = writer.stack
        guard let last = stack.last, last.tag == .p, last.isMarkdown, writer.isAtStart,
            stack.count >= 2, stack[stack.count - 2].tag == .blockquote, stack[stack.count - 2].isMarkdown,
            stack[stack.count - 2].content == last.start, let end = text.firstIndex(of: UInt8(ascii: "]"))
        else { return nil }
        let rest = text[(end + 1)...]
        guard rest.first == nil || rest.first == 0x0A else { return nil }
        let t = context.t
        let kind = String(decoding: text[(text.startIndex + 2)..<end], as: UTF8.self).lowercased()
        let titles = [
            "note": t.alertNote, "tip": t.alertTip, "important": t.alertImportant, "warning": t.alertWarning,
            "caution": t.alertCaution,
        ]
        guard let title = titles[kind] else { return nil }
        let open: HTML = """
            <div class="md-alert md-alert-\(kind)"><p class="md-alert-title">\(title)</p><p>
            """
        writer.replace(at: stack.count - 2, by: open.bytes, closing: Array("</div>".utf8))
        return rest.dropFirst()
    }

    /// A value that the parser found, without our marks.
    private func attribute(_ value: MD_ATTRIBUTE) -> [UInt8] {
        guard let text = value.text, value.size > 0, let types = value.substr_types, let offsets = value.substr_offsets
        else { return [] }
        return text.withMemoryRebound(to: UInt8.self, capacity: Int(value.size)) { start in
            var bytes: [UInt8] = []
            var index = 0
            while offsets[index] < value.size {
                let part = UnsafeBufferPointer(
                    start: start + Int(offsets[index]), count: Int(offsets[index + 1] - offsets[index]))
                switch types[index] {
                case MD_TEXT_NULLCHAR: bytes.append(contentsOf: "\u{FFFD}".utf8)
                case MD_TEXT_ENTITY: bytes.append(contentsOf: CharacterReferences.resolved(Array(part)[...]))
                default: bytes.append(contentsOf: writer.plain(Array(part)[...]))
                }
                index += 1
            }
            return bytes
        }
    }
}

extension MarkdownEmitter {
    /// Opens a table that somebody wrote as HTML, in a region that scrolls unless it is in one already.
    func openTable(attributes: [UInt8]) {
        guard !writer.isInTable else {
            writer.open(.table, isMarkdown: false, attributes: attributes)
            return
        }
        tables += 1
        writer.open(
            .table, isMarkdown: false, attributes: attributes, before: tableRegion, after: Array("</div>\n".utf8))
    }
}
