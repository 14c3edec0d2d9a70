/// What stands in documents and drawings beside their own text.
extension L10n {
    package func markdownTable(_ number: Int) -> String { pick(en: "Table \(number)", zh: "表格 \(number)") }
    package func linkToSection(_ title: String) -> String {
        pick(en: "Link to “\(title)”", zh: "“\(title)”的链接")
    }
    package var checkboxDone: String { pick(en: "Done", zh: "已完成") }
    package var checkboxOpen: String { pick(en: "To do", zh: "未完成") }
    package func pictureElsewhere(_ host: String) -> String { pick(en: "Picture at \(host)", zh: "\(host) 上的图片") }
    package var documentCut: String {
        pick(en: "The rest is not shown: the document is too long.", zh: "文档过长，其余部分未显示。")
    }
    package var diagramTitle: String { pick(en: "Diagram", zh: "示意图") }
    package var alertNote: String { pick(en: "Note", zh: "说明") }
    package var alertTip: String { pick(en: "Tip", zh: "提示") }
    package var alertImportant: String { pick(en: "Important", zh: "重要") }
    package var alertWarning: String { pick(en: "Warning", zh: "警告") }
    package var alertCaution: String { pick(en: "Caution", zh: "注意") }
}

/// What stands beside differences, weights and trees.
extension L10n {
    package func diffLabel(_ file: String) -> String { pick(en: "Changes of \(file)", zh: "\(file) 的变更") }
    package var diffEmpty: String { pick(en: "There is no difference.", zh: "没有差异。") }
    package var diffCut: String {
        pick(en: "The rest is not shown: too many lines differ.", zh: "差异过多，其余部分未显示。")
    }
    package var diffAdded: String { pick(en: "Added", zh: "新增") }
    package var diffRemoved: String { pick(en: "Removed", zh: "删除") }
    package func sizeBecame(_ old: String, _ new: String) -> String {
        pick(en: "\(old) → \(new)", zh: "大小：\(old) → \(new)")
    }
    package func sizeAdded(_ size: String) -> String { pick(en: "\(size), new", zh: "\(size)，新增") }
    package func sizeRemoved(_ size: String) -> String { pick(en: "\(size), removed", zh: "\(size)，已删除") }
    package var pointerFile: String { pick(en: "Large file", zh: "大文件") }
    package var tensor: String { pick(en: "Tensor", zh: "张量") }
    package var tensors: String { pick(en: "Tensors", zh: "张量列表") }
    package var tensorType: String { pick(en: "Type", zh: "类型") }
    package var tensorShape: String { pick(en: "Shape", zh: "形状") }
    package var tensorParameters: String { pick(en: "Parameters", zh: "参数量") }
    package func allTensors(_ count: Int, parameters: String) -> String {
        pick(
            count, one: "1 tensor with \(parameters) parameters, in the order of the file",
            many: "\(number(count)) tensors with \(parameters) parameters, in the order of the file",
            zh: "共 \(number(count)) 个张量，\(parameters) 参数，按文件中的顺序排列")
    }
    package func firstTensors(_ shown: String, of count: String, parameters: String) -> String {
        pick(
            en: "The first \(shown) of \(count) tensors with \(parameters) parameters, in the order of the file",
            zh: "显示前 \(shown) 个，共 \(count) 个张量，\(parameters) 参数，按文件中的顺序排列")
    }
    package func jsonItems(_ count: Int) -> String {
        pick(count, one: "1 item", many: "\(number(count)) items", zh: "\(number(count)) 项")
    }
    package func jsonMore(_ count: Int) -> String {
        pick(count, one: "1 more item", many: "\(number(count)) more items", zh: "另有 \(number(count)) 项")
    }
}
