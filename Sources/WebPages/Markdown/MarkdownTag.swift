/// The elements that a document may be made of.
enum MarkdownTag: UInt8, CaseIterable {
    case a, abbr, b, blockquote, br, caption, center, code, col, colgroup, dd, del, details, div, dl, dt, em, figcaption
    case figure, h1, h2, h3, h4, h5, h6, hr, i, img, ins, kbd, li, mark, ol, p, picture, pre, q, s, samp, small, source
    case span, strong, sub, summary, sup, table, tbody, td, tfoot, th, thead, tr, u, ul
    case variable

    /// As it is written.
    var name: String { Self.names[Int(rawValue)] }
    /// `<name` and `</name>`.
    var opening: [UInt8] { Self.openings[Int(rawValue)] }
    var closing: [UInt8] { Self.closings[Int(rawValue)] }

    init?(name: String) {
        guard let tag = Self.byName[name] else { return nil }
        self = tag
    }

    private static let names = allCases.map { $0 == .variable ? "var" : "\($0)" }
    private static let openings = names.map { Array("<\($0)".utf8) }
    private static let closings = names.map { Array("</\($0)>".utf8) }
    private static let byName = Dictionary(uniqueKeysWithValues: zip(names, allCases))

    /// What is left out with all that stands in it.
    static let dropped: Set<String> = [
        "script", "style", "iframe", "object", "svg", "math", "template", "noscript", "textarea", "title", "xmp",
        "plaintext", "select", "noembed", "noframes", "applet", "frameset", "button",
    ]

    /// Elements that stand in lines of text.
    var isPhrasing: Bool {
        switch self {
        case .a, .abbr, .b, .br, .code, .del, .em, .i, .img, .ins, .kbd, .mark, .picture, .q, .s, .samp, .small: true
        case .source, .span, .strong, .sub, .sup, .u, .variable: true
        default: false
        }
    }

    var isHeading: Bool {
        switch self {
        case .h1, .h2, .h3, .h4, .h5, .h6: true
        default: false
        }
    }

    /// Of a heading; 0 for others.
    var level: Int { isHeading ? Int(rawValue - Self.h1.rawValue) + 1 : 0 }

    init(level: Int) { self = [.h1, .h2, .h3, .h4, .h5, .h6][min(max(level, 1), 6) - 1] }

    var isVoid: Bool {
        switch self {
        case .br, .col, .hr, .img, .source: true
        default: false
        }
    }

    /// Whether end tags within it do not reach out of it.
    var isScope: Bool {
        switch self {
        case .table, .td, .th, .caption: true
        default: false
        }
    }

    var isOfTable: Bool {
        switch self {
        case .table, .thead, .tbody, .tfoot, .tr, .td, .th, .caption, .colgroup, .col: true
        default: false
        }
    }
}
