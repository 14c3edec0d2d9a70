/// Differences as tables.
package enum DiffView {
    /// Old and new lines below each other.
    /// - Parameter label: the name of the file.
    package static func unified(
        _ diff: DiffModel, label: String, language: SourceLanguage? = nil, _ context: PageContext
    ) -> HTML {
        guard !diff.hunks.isEmpty else { return empty(context) }
        let bodies = diff.hunks.map { hunk -> HTML in
            let texts = DiffLines.texts(of: hunk, language: language)
            let rows = zip(hunk.lines, texts).map { line, text -> HTML in
                """
                <tr class="\(name(line.kind))">\(number(line.old))\(number(line.new))\(mark(line.kind, context))\
                <td class="line-text">\(text)</td></tr>\n
                """
            }
            return "<tbody>\(heading(hunk, columns: 4))\(each: rows)</tbody>"
        }
        return table("diff", label: label, bodies, diff, context)
    }

    /// Old lines beside new ones.
    package static func split(
        _ diff: DiffModel, label: String, language: SourceLanguage? = nil, _ context: PageContext
    ) -> HTML {
        guard !diff.hunks.isEmpty else { return empty(context) }
        let bodies = diff.hunks.map { hunk -> HTML in
            let texts = DiffLines.texts(of: hunk, language: language)
            let rows = DiffLines.pairs(of: hunk).map { pair -> HTML in
                "<tr>\(side(pair.old, hunk, texts, isOld: true, context))\(side(pair.new, hunk, texts, isOld: false, context))</tr>\n"
            }
            return "<tbody>\(heading(hunk, columns: 6))\(each: rows)</tbody>"
        }
        return table("diff diff-split", label: label, bodies, diff, context)
    }

    /// "4.1 GB → 4.3 GB" with both digests.
    package static func pointer(_ diff: PointerDiff, _ context: PageContext) -> HTML {
        let t = context.t
        let sizes =
            switch (diff.old, diff.new) {
            case (let old?, let new?): t.sizeBecame(t.bytes(old.bytes), t.bytes(new.bytes))
            case (nil, let new?): t.sizeAdded(t.bytes(new.bytes))
            case (let old?, nil): t.sizeRemoved(t.bytes(old.bytes))
            case (nil, nil): ""
            }
        let digests = [diff.old, diff.new].compactMap { $0 }.map { side -> HTML in
            CopyText.digest(side.digest, context)
        }
        let arrow: HTML = digests.count > 1 ? "<span aria-hidden=\"true\">→</span>" : ""
        return """
            <p class="pointer"><strong>\(sizes)</strong><span>\(t.pointerFile)</span>\(digests.first)\(arrow)\
            \(digests.dropFirst().first)</p>
            """
    }

    private static func empty(_ context: PageContext) -> HTML {
        "<p class=\"diff-note\">\(context.t.diffEmpty)</p>"
    }

    private static func table(
        _ name: String, label: String, _ bodies: [HTML], _ diff: DiffModel, _ context: PageContext
    ) -> HTML {
        let cut: HTML? = diff.isTruncated ? "<p class=\"diff-note\">\(context.t.diffCut)</p>" : nil
        return """
            <div class="diff-wrap" role="region" tabindex="0" aria-label="\(context.t.diffLabel(label))">\
            <table class="\(name)">\(each: bodies)</table></div>\(cut)
            """
    }

    private static func heading(_ hunk: DiffModel.Hunk, columns: Int) -> HTML {
        "<tr class=\"hunk\"><td colspan=\"\(columns)\">\(hunk.heading)</td></tr>\n"
    }

    private static func name(_ kind: DiffModel.Line.Kind) -> String {
        switch kind {
        case .same: "same"
        case .removed: "removed"
        case .added: "added"
        }
    }

    /// Numbers are drawn by the style, so that they are not copied with the text.
    private static func number(_ number: Int?) -> HTML {
        "<td class=\"line-number\"\(attribute: "data-line", number.map(String.init))></td>"
    }

    private static func mark(_ kind: DiffModel.Line.Kind, _ context: PageContext) -> HTML {
        switch kind {
        case .same: "<td class=\"line-mark\"></td>"
        case .removed:
            "<td class=\"line-mark\"><span aria-hidden=\"true\">−</span><span class=\"hidden\">\(context.t.diffRemoved)</span></td>"
        case .added:
            "<td class=\"line-mark\"><span aria-hidden=\"true\">+</span><span class=\"hidden\">\(context.t.diffAdded)</span></td>"
        }
    }

    private static func side(
        _ index: Int?, _ hunk: DiffModel.Hunk, _ texts: [HTML], isOld: Bool, _ context: PageContext
    ) -> HTML {
        guard let index else { return "<td class=\"absent\" colspan=\"3\"></td>" }
        let line = hunk.lines[index]
        let kind = name(line.kind)
        let figure = isOld ? line.old : line.new
        return """
            <td class="line-number \(kind)"\(attribute: "data-line", figure.map(String.init))></td>\
            \(sideMark(line.kind, context))<td class="line-text \(kind)">\(texts[index])</td>
            """
    }

    private static func sideMark(_ kind: DiffModel.Line.Kind, _ context: PageContext) -> HTML {
        switch kind {
        case .same: "<td class=\"line-mark same\"></td>"
        case .removed:
            "<td class=\"line-mark removed\"><span aria-hidden=\"true\">−</span><span class=\"hidden\">\(context.t.diffRemoved)</span></td>"
        case .added:
            "<td class=\"line-mark added\"><span aria-hidden=\"true\">+</span><span class=\"hidden\">\(context.t.diffAdded)</span></td>"
        }
    }
}
