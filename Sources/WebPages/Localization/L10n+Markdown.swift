/// What stands in documents and drawings beside their own text.
extension L10n {
    package func markdownTable(_ number: Int) -> String { pick(en: "Table \(number)", zh: "表格 \(number)") }
    package func linkToSection(_ title: String) -> String {
        pick(en: "Link to “\(title)”", zh: "“\(title)”的链接")
    }
    package var taskDone: String { pick(en: "Done", zh: "已完成") }
    package var taskOpen: String { pick(en: "To do", zh: "未完成") }
    package func pictureElsewhere(_ host: String) -> String { pick(en: "Picture at \(host)", zh: "\(host) 上的图片") }
    package var documentCut: String {
        pick(en: "The rest is not shown: the document is too long.", zh: "文档过长，其余部分未显示。")
    }
    package var diagram: String { pick(en: "Diagram", zh: "示意图") }
    package var alertNote: String { pick(en: "Note", zh: "说明") }
    package var alertTip: String { pick(en: "Tip", zh: "提示") }
    package var alertImportant: String { pick(en: "Important", zh: "重要") }
    package var alertWarning: String { pick(en: "Warning", zh: "警告") }
    package var alertCaution: String { pick(en: "Caution", zh: "注意") }
}
