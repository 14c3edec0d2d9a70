/// Writes markup whose tags are always closed in order, of elements that are allowed, up to a number of bytes.
///
/// Elements of Markdown and those that people wrote as HTML are on one stack. Those of Markdown are closed by Markdown
/// alone; an end tag in HTML never reaches beyond them.
final class MarkdownWriter {
    struct Element {
        var tag: MarkdownTag
        /// Whether Markdown opened it, and not a tag that somebody wrote.
        let isMarkdown: Bool
        /// Empty for one that is not written.
        var closing: [UInt8]
        /// Where its tag starts, and what is in it.
        let start: Int
        let content: Int
        /// What was visible before it.
        let seen: Int
        /// Of a heading, in its tag.
        var attributes: [UInt8] = []
        var address: [UInt8]?
        var wasWritten = false
        /// Set for what is left out with its content.
        var dropped: String?
    }

    private(set) var out: [UInt8] = []
    private(set) var stack: [Element] = []
    private(set) var isFull = false
    private(set) var outline: HeadingOutline
    /// Elements around the current place whose content is left out.
    private(set) var muted = 0
    /// Elements of Markdown deeper than are written, which are only counted.
    private var skipped = 0
    private var anchors = 0
    private var tables = 0
    /// Counts what can be seen, to tell what is empty.
    private var visible = 0
    /// The text of the heading that is open.
    private var headingText: [UInt8]?

    let formulas: [MathLift.Formula]
    let t: L10n
    /// Bytes.
    let limit: Int

    private static let deepest = 100

    init(formulas: [MathLift.Formula], t: L10n, outline: HeadingOutline, limit: Int) {
        self.formulas = formulas
        self.t = t
        self.limit = limit
        self.outline = outline
    }

    // MARK: Text

    /// Text, escaped, with formulas in their places.
    func write(text: ArraySlice<UInt8>, isCode: Bool = false) {
        guard muted == 0, !isFull else { return }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count + 16)
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] == 0xEF, let (mark, end) = mark(text, index) {
                switch mark {
                case .nothing: break
                case .character(let byte): bytes.append(byte)
                case .formula(let formula):
                    if isCode {
                        Self.escape(formula.source[...], into: &bytes)
                    } else {
                        Self.write(formula, into: &bytes)
                    }
                    headingText?.append(contentsOf: formula.tex)
                }
                index = end
                continue
            }
            Self.escape(text[index], into: &bytes)
            headingText?.append(text[index])
            index += 1
            // Piece by piece, so that what is too long is cut and not left out.
            if bytes.count >= 4_096, index == text.endIndex || text[index] & 0xC0 != 0x80 {
                write(bytes)
                bytes.removeAll(keepingCapacity: true)
            }
        }
        if text.contains(where: { $0 > 0x20 }) { visible += 1 }
        write(bytes)
    }

    /// Text without markup, for attributes: marks are undone.
    func plain(_ text: ArraySlice<UInt8>) -> [UInt8] {
        guard text.contains(0xEF) else { return Array(text) }
        var bytes: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] == 0xEF, let (mark, end) = mark(text, index) {
                switch mark {
                case .nothing: break
                case .character(let byte): bytes.append(byte)
                case .formula(let formula): bytes += formula.source
                }
                index = end
            } else {
                bytes.append(text[index])
                index += 1
            }
        }
        return bytes
    }

    private enum Mark { case nothing, character(UInt8), formula(MathLift.Formula) }

    private func mark(_ text: ArraySlice<UInt8>, _ index: Int) -> (Mark, end: Int)? {
        guard index + 2 < text.endIndex, text[index + 1] == 0xB7 else { return nil }
        switch text[index + 2] {
        case 0x91, 0x92: return (.nothing, index + 3)
        case 0x93: return (.character(UInt8(ascii: "[")), index + 3)
        case 0x94: return (.character(UInt8(ascii: "]")), index + 3)
        case 0x90:
            var end = index + 3
            while end < text.endIndex, (0x30...0x39).contains(text[end]), end - index < 12 { end += 1 }
            guard let number = Int(String(decoding: text[(index + 3)..<end], as: UTF8.self)),
                formulas.indices.contains(number), end + 2 < text.endIndex,
                text[end..<(end + 3)].elementsEqual(Marks.mathEnd)
            else { return (.nothing, index + 3) }
            return (.formula(formulas[number]), end + 3)
        default: return nil
        }
    }

    static func write(_ formula: MathLift.Formula, into bytes: inout [UInt8]) {
        bytes += "<span class=\"math\" data-display=\"\(formula.isDisplay)\">".utf8
        escape(formula.tex[...], into: &bytes)
        bytes += "</span>".utf8
    }

    static func escape(_ text: ArraySlice<UInt8>, into bytes: inout [UInt8]) {
        for byte in text { escape(byte, into: &bytes) }
    }

    static func escape(_ byte: UInt8, into bytes: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "&"): bytes += "&amp;".utf8
        case UInt8(ascii: "<"): bytes += "&lt;".utf8
        case UInt8(ascii: ">"): bytes += "&gt;".utf8
        case UInt8(ascii: "\""): bytes += "&quot;".utf8
        case UInt8(ascii: "'"): bytes += "&#39;".utf8
        case 0: bytes += "\u{FFFD}".utf8
        default: bytes.append(byte)
        }
    }

    /// A reference to a character that the browser knows.
    func write(reference: ArraySlice<UInt8>) {
        if let text = CharacterReferences.decoded(reference) {
            write(text: Array(text.utf8)[...])
        } else {
            guard muted == 0, !isFull else { return }
            visible += 1
            write(Array(reference))
        }
    }

    /// Markup of our own.
    func write(_ bytes: [UInt8]) {
        guard muted == 0, !isFull else { return }
        guard out.count + bytes.count <= limit else {
            fill()
            return
        }
        out += bytes
    }

    func write(_ markup: HTML) { write(markup.bytes) }

    /// Says that something other than text was written that can be seen.
    func markVisible(as text: [UInt8] = []) {
        visible += 1
        headingText?.append(contentsOf: text)
    }

    /// No more is written: everything is closed.
    private func fill() {
        for index in stack.indices.reversed() {
            finish(stack[index])
            stack[index].closing = []
        }
        isFull = true
    }

    /// Closes what is open at the end.
    func end() {
        while pop() != nil {}
    }

    private func pop() -> Element? {
        guard let last = stack.popLast() else { return nil }
        if last.dropped != nil { muted -= 1 }
        if last.wasWritten { count(last.tag, -1) }
        finish(last)
        return last
    }

    private func count(_ tag: MarkdownTag, _ change: Int) {
        if tag == .a { anchors += change }
        if tag == .table { tables += change }
    }

    // MARK: Elements

    /// Opens an element.
    /// - Parameters:
    ///   - before: markup around it, in front.
    ///   - after: markup around it, behind.
    ///   - isSilent: whether only its content is written.
    func open(
        _ tag: MarkdownTag, isMarkdown: Bool, attributes: [UInt8] = [], before: [UInt8] = [], after: [UInt8] = [],
        address: [UInt8]? = nil, isSilent: Bool = false
    ) {
        guard stack.count < Self.deepest, skipped == 0 else {
            if isMarkdown { skipped += 1 }
            return
        }
        let isWritten = !isSilent && muted == 0 && !isFull
        let start = out.count
        var element = Element(
            tag: tag, isMarkdown: isMarkdown, closing: [], start: start, content: start, seen: visible)
        guard isWritten else {
            stack.append(element)
            return
        }
        // A heading's tag is written when its text is known.
        if !tag.isHeading {
            var bytes = before
            bytes += tag.opening
            bytes += attributes
            bytes.append(UInt8(ascii: ">"))
            write(bytes)
            guard !isFull else {
                stack.append(element)
                return
            }
        } else {
            headingText = []
        }
        element = Element(
            tag: tag, isMarkdown: isMarkdown, closing: after.isEmpty ? tag.closing : tag.closing + after, start: start,
            content: out.count, seen: visible, attributes: attributes, address: address, wasWritten: true)
        stack.append(element)
        count(tag, 1)
    }

    /// Leaves out what follows, to the end of an element of this name.
    func openDropped(_ name: String) {
        guard skipped == 0, stack.count < 2 * Self.deepest else { return }
        muted += 1
        stack.append(
            Element(
                tag: .span, isMarkdown: false, closing: [], start: out.count, content: out.count, seen: visible,
                dropped: name))
    }

    /// Ends what is left out, with the block of HTML that it started in: what nobody closed must not hide the rest.
    func closeDropped() {
        while let last = stack.last, last.dropped != nil { _ = pop() }
    }

    /// Closes the innermost element of Markdown, with all within.
    func closeMarkdown() {
        guard skipped == 0 else {
            skipped -= 1
            return
        }
        while let last = pop(), !last.isMarkdown {}
    }

    /// Closes elements of HTML down to and with one at an index.
    func closeHTML(downTo index: Int) {
        while stack.count > index, pop() != nil {}
    }

    /// Replaces the tag of an element that is open and in which nothing was written, by markup of our own.
    func replace(at index: Int, by bytes: [UInt8], closing: [UInt8]) {
        guard stack.indices.contains(index), !isFull, muted == 0, !stack[index].closing.isEmpty else { return }
        out.removeSubrange(stack[index].start...)
        stack[index].closing = closing
        write(bytes)
    }

    /// Makes a division of a paragraph of Markdown in which nothing was written: one that starts with a block of HTML.
    func widenParagraph() {
        guard let last = stack.last, last.tag == .p, last.isMarkdown, last.wasWritten, isAtStart, !isFull else {
            return
        }
        stack[stack.count - 1].tag = .div
        replace(
            at: stack.count - 1, by: MarkdownTag.div.opening + [UInt8(ascii: ">")], closing: MarkdownTag.div.closing)
    }

    private func finish(_ element: Element) {
        guard !element.closing.isEmpty, !isFull else { return }
        if element.tag.isHeading {
            finishHeading(element)
            return
        }
        if element.tag == .th, visible == element.seen, out.count == element.content {
            // A heading of nothing is none.
            out.removeSubrange(element.start...)
            out += "<td></td>".utf8
            return
        }
        if element.tag == .a, let address = element.address, visible == element.seen {
            Self.escape(address[...], into: &out)
            visible += 1
        }
        out += element.closing
    }

    private func finishHeading(_ element: Element) {
        let bytes = headingText ?? []
        headingText = nil
        let content = Array(out[element.content...])
        out.removeSubrange(element.start...)
        let text =
            bytes.contains { $0 > 0x20 }
            ? String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(separator: " ") : ""
        guard !text.isEmpty else {
            // An empty heading is none for those who hear the page.
            if !content.isEmpty { out += "<div>".utf8 + content + "</div>\n".utf8 }
            return
        }
        let heading = outline.add(writtenLevel: element.tag.level, text: text)
        let open: HTML = "<h\(heading.level) id=\"\(heading.id)\""
        let anchor: HTML = """
            <a class="md-anchor" href="#\(heading.id)" aria-label="\(t.linkToSection(text))">#</a></h\(heading.level)>
            """
        out += open.bytes + element.attributes + [UInt8(ascii: ">")] + content + anchor.bytes + [0x0A]
    }

    /// An id of somebody's own, which no other element has; nil for one that is taken.
    func id(_ written: String) -> String? {
        let slug = HeadingOutline.slug(written)
        guard !slug.isEmpty, !outline.has(outline.prefix + slug) else { return nil }
        return outline.unique(slug)
    }

    // MARK: What is open

    /// Where the elements of HTML start that an end tag may reach.
    var reach: Int {
        (stack.lastIndex { $0.isMarkdown } ?? -1) + 1
    }

    /// Whether a link or an anchor is open anywhere, in which there must be no other.
    var isInAnchor: Bool { anchors > 0 }

    var isInTable: Bool { tables > 0 }

    /// Whether tags of HTML are of no effect, so deep is the place.
    var isTooDeep: Bool { skipped > 0 }

    /// Whether nothing has been written in the innermost element.
    var isAtStart: Bool { stack.last.map { out.count == $0.content } ?? false }
}
