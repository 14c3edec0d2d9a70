/// Markup that is safe to send: what is put into a literal is escaped unless it is markup already.
///
///     let row: HTML = "<li><a href=\(url: model.path)>\(model.name)</a></li>"
///
/// Values of attributes are written as `\(attribute: "title", text)` or between double quotes; both escape.
package struct HTML: Sendable, Hashable {
    /// UTF-8.
    package private(set) var bytes: [UInt8]

    /// Nothing.
    package init() { bytes = [] }

    /// Text, escaped.
    package init(text: some StringProtocol) {
        bytes = []
        append(text: text)
    }

    /// Markup that its maker vouches for. A test names the few files that may call this.
    package init(trusted markup: [UInt8]) { bytes = markup }

    package var isEmpty: Bool { bytes.isEmpty }
    package var string: String { String(decoding: bytes, as: UTF8.self) }

    package mutating func append(_ other: HTML) { bytes.append(contentsOf: other.bytes) }

    /// Appends text with the five characters escaped that mean something in text or in an attribute's value.
    package mutating func append(text: some StringProtocol) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): bytes.append(contentsOf: "&amp;".utf8)
            case UInt8(ascii: "<"): bytes.append(contentsOf: "&lt;".utf8)
            case UInt8(ascii: ">"): bytes.append(contentsOf: "&gt;".utf8)
            case UInt8(ascii: "\""): bytes.append(contentsOf: "&quot;".utf8)
            case UInt8(ascii: "'"): bytes.append(contentsOf: "&#39;".utf8)
            // NUL is a parse error wherever it stands.
            case 0: bytes.append(contentsOf: "\u{FFFD}".utf8)
            default: bytes.append(byte)
            }
        }
    }

    package static func + (left: HTML, right: HTML) -> HTML {
        var sum = left
        sum.append(right)
        return sum
    }

    package static func += (left: inout HTML, right: HTML) { left.append(right) }
}

extension HTML: ExpressibleByStringInterpolation {
    /// The literal parts are markup, the interpolated ones are escaped.
    package struct StringInterpolation: StringInterpolationProtocol {
        var html = HTML()

        package init(literalCapacity: Int, interpolationCount: Int) {
            html.bytes.reserveCapacity(literalCapacity + 32 * interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) { html.bytes.append(contentsOf: literal.utf8) }
        package mutating func appendInterpolation(_ text: some StringProtocol) { html.append(text: text) }
        package mutating func appendInterpolation(_ text: String?) { if let text { html.append(text: text) } }
        package mutating func appendInterpolation(_ number: some BinaryInteger) { html.append(text: String(number)) }
        package mutating func appendInterpolation(_ markup: HTML) { html.append(markup) }
        package mutating func appendInterpolation(_ markup: HTML?) { if let markup { html.append(markup) } }

        /// One after another.
        package mutating func appendInterpolation(each markups: some Sequence<HTML>) {
            for markup in markups { html.append(markup) }
        }

        /// What `view` makes of each, one after another.
        package mutating func appendInterpolation<Items: Sequence>(
            each items: Items, _ view: (Items.Element) throws -> HTML
        ) rethrows {
            for item in items { html.append(try view(item)) }
        }

        /// Something, if a condition holds.
        package mutating func appendInterpolation(if condition: Bool, _ markup: @autoclosure () -> HTML) {
            if condition { html.append(markup()) }
        }

        /// ` name="value"`; nothing for no value.
        package mutating func appendInterpolation(attribute name: StaticString, _ value: String?) {
            guard let value else { return }
            html.append(text: " \(name)")
            html.bytes.append(contentsOf: "=\"".utf8)
            html.append(text: value)
            html.bytes.append(UInt8(ascii: "\""))
        }

        /// ` name`, if it is set.
        package mutating func appendInterpolation(flag name: StaticString, _ isSet: Bool) {
            if isSet { html.append(text: " \(name)") }
        }

        /// A quoted address; `"#"` for one that a page must not lead to.
        package mutating func appendInterpolation(url: String) {
            html.bytes.append(UInt8(ascii: "\""))
            html.append(text: SafeAddress.checked(url))
            html.bytes.append(UInt8(ascii: "\""))
        }
    }

    package init(stringInterpolation: StringInterpolation) { self = stringInterpolation.html }
    package init(stringLiteral markup: String) { bytes = Array(markup.utf8) }
}

extension Sequence<HTML> {
    /// All of them, one after another.
    package func joined() -> HTML {
        reduce(into: HTML()) { $0.append($1) }
    }
}
