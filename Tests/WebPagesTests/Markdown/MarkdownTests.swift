import Testing

@testable import WebPages

@Suite("Markdown becomes what people meant")
struct MarkdownTests {
    private func html(_ text: String, mentions: Bool = false) -> String {
        let markup = HostileMarkdownTests.render(text, mentions: mentions).html.string
        let inner = markup.drop { $0 != ">" }.dropFirst()
        return String(inner.dropLast("</div>".count)).trimmingLines
    }

    @Test(
        "paragraphs, lists, quotes, emphasis, links",
        arguments: [
            ("a *b* **c** ~~d~~ `e`", "<p>a <em>b</em> <strong>c</strong> <del>d</del> <code>e</code></p>"),
            ("a\\\nb  \nc\nd", "<p>a<br>\nb<br>\nc\nd</p>"),
            ("- a\n- b\n  1. c", "<ul><li>a</li>\n<li>b<ol><li>c</li>\n</ol>\n</li>\n</ul>"),
            ("3. a", "<ol start=\"3\"><li>a</li>\n</ol>"),
            ("> a\n\n---", "<blockquote><p>a</p>\n</blockquote>\n<hr>"),
            (
                "- [x] a\n- [ ] b",
                """
                <ul><li class="md-task"><input type="checkbox" disabled checked aria-label="Done"> a</li>
                <li class="md-task"><input type="checkbox" disabled aria-label="To do"> b</li>
                </ul>
                """
            ),
            ("[a](http://b.c 'd')", "<p><a href=\"http://b.c\" rel=\"nofollow ugc noopener\" title=\"d\">a</a></p>"),
            ("[](http://b.c)", "<p><a href=\"http://b.c\" rel=\"nofollow ugc noopener\">http://b.c</a></p>"),
            (
                "see https://b.c/d.",
                "<p>see <a href=\"https://b.c/d\" rel=\"nofollow ugc noopener\">https://b.c/d</a>.</p>"
            ),
            ("见https://b.c/d，好", "<p>见https://b.c/d，好</p>"),
            (
                "见 https://b.c/d，好。",
                "<p>见 <a href=\"https://b.c/d\" rel=\"nofollow ugc noopener\">https://b.c/d</a>，好。</p>"
            ),
            ("&amp; &copy; &nosuch; &#x41; a&b", "<p>&amp; © &nosuch; A a&amp;b</p>"),
            ("中文\n中文\nab", "<p>中文中文\nab</p>"),
        ])
    func basics(_ text: String, _ expected: String) { #expect(html(text) == expected) }

    @Test(
        "asterisks beside Chinese punctuation open and close",
        arguments: [
            ("这是**“重点”**内容", "这是<strong>“重点”</strong>内容"), ("**注意：**请看", "<strong>注意：</strong>请看"),
            ("请用**`x`**来做", "请用<strong><code>x</code></strong>来做"), ("他说**（不）**行", "他说<strong>（不）</strong>行"),
            ("**《书》**和*“a”*的", "<strong>《书》</strong>和<em>“a”</em>的"), ("中**文**字", "中<strong>文</strong>字"),
            ("a **b** c", "a <strong>b</strong> c"), ("**\"x\"**是", "<strong>&quot;x&quot;</strong>是"),
            ("2 * 3 * 4", "2 * 3 * 4"), ("`**“x”**字`", "<code>**“x”**字</code>"),
        ])
    func emphasis(_ text: String, _ expected: String) { #expect(html(text) == "<p>\(expected)</p>") }

    @Test("tables scroll by themselves, cells stand as they were told, short delimiters count")
    func tables() {
        #expect(
            html("|a|b||\n|:-|-:|-|\n|1|2 \\| 3|x|") == """
                <div class="md-table" role="region" tabindex="0" aria-label="Table 1"><table><thead><tr>\
                <th scope="col" align="left">a</th><th scope="col" align="right">b</th><td></td></tr>
                </thead><tbody><tr><td align="left">1</td><td align="right">2 | 3</td><td>x</td></tr>
                </tbody></table></div>
                """)
        #expect(html("a|b\n-|-\n1|2").contains("<td>1</td><td>2</td>"))
        #expect(html("```\n|a|\n|-|\n```").contains("|a|\n|-|<"))
    }

    @Test("headings have no gaps, have ids of their own, and are listed")
    func headings() {
        let document = HostileMarkdownTests.render(
            "# A *b*\n### C\n# A b\n##### 中文 `x`\n<h4>D</h4>\n\n#\n\n# ![](a.png)")
        #expect(document.headings.map(\.level) == [2, 3, 2, 3, 3])
        #expect(document.headings.map(\.id) == ["md-a-b", "md-c", "md-a-b-1", "md-中文-x", "md-d"])
        #expect(document.headings.map(\.text) == ["A b", "C", "A b", "中文 x", "D"])
        #expect(document.html.string.contains("<h2 id=\"md-a-b\">A <em>b</em><a class=\"md-anchor\" href=\"#md-a-b\""))
        let comment = CardMarkdown(HostileMarkdownTests.context, name: "c1").render(
            "# A\n\n[b](#a)\n\n|a|\n|-|", links: .discussion)
        #expect(comment.headings[0].id == "md-c1-a")
        #expect(comment.html.string.contains("href=\"#md-c1-a\">b<") && comment.html.string.contains("role=\"group\""))
        #expect(
            CardMarkdown(HostileMarkdownTests.context, firstLevel: 3).render("# A", links: .discussion).headings[0]
                .level == 3)
    }

    @Test(
        "relative addresses are read from the place of the file",
        arguments: [
            ("[x](a.md)", "href=\"/models/acme/bert/blob/main/docs/a.md\""),
            ("[x](../b%20c.md#D)", "href=\"/models/acme/bert/blob/main/b%20c.md#D\""),
            ("[x](sub/)", "href=\"/models/acme/bert/tree/main/docs/sub\""),
            ("[x](../../..)", "href=\"/models/acme/bert/tree/main\""),
            ("[x](#A-b)", "href=\"#md-a-b\""), ("[x](/acme)", "href=\"/acme\""),
            ("[x](mailto:a@b.c)", "href=\"mailto:a@b.c\" rel=\"nofollow ugc noopener\""),
            ("![x](i/a.png)", "<img src=\"/acme/bert/resolve/main/docs/i/a.png\" alt=\"x\" loading=\"lazy\">"),
            ("![x](http://hub.example/a/b.png)", "<img src=\"/a/b.png\" alt=\"x\" loading=\"lazy\">"),
            (
                "<img src=\"a.png\" width=\"50%\" height=20px style=x>",
                "<img src=\"/acme/bert/resolve/main/docs/a.png\" alt=\"\" width=\"50%\" height=\"20\" loading=\"lazy\">"
            ),
            ("![x](a.png#hf-dark-mode-only)", "class=\"md-dark-only\""),
            ("![x](a.png#hf-light-mode-only)", "class=\"md-light-only\""),
            (
                "![x](http://e.f/a.png)",
                "<a class=\"md-external\" href=\"http://e.f/a.png\" rel=\"nofollow ugc noopener\">x</a>"
            ),
            ("![](http://e.f/a.png)", ">Picture at e.f</a>"),
            (
                "[![x](http://e.f/a.png)](http://g.h)",
                "<a href=\"http://g.h\" rel=\"nofollow ugc noopener\"><span class=\"md-external\">x</span></a>"
            ),
        ])
    func addresses(_ text: String, _ expected: String) { #expect(html(text).contains(expected), "\(html(text))") }

    @Test("formulas are left alone, money is no formula")
    func math() {
        #expect(html("$$a_1*b*c<d$$") == "<p><span class=\"math\" data-display=\"true\">a_1*b*c&lt;d</span></p>")
        #expect(html("x \\\\(a_1\\\\) y") == "<p>x <span class=\"math\" data-display=\"false\">a_1</span> y</p>")
        #expect(html("costs $5 and $6, `$$x$$`") == "<p>costs $5 and $6, <code>$$x$$</code></p>")
        #expect(html("$$\na\n- b\n$$").contains("\na\n- b\n</span>"))
        #expect(html("    $$x$$").contains("<code>$$x$$</code>"))
        #expect(html("> $$\n> a\n> $$").contains("\na\n</span>"))
        #expect(HostileMarkdownTests.render("$$a$$").hasMath)
        #expect(!HostileMarkdownTests.render("$a$").hasMath)
        #expect(HostileMarkdownTests.render("$$a$$").html.string.contains("data-island=\"/assets/0/math.mjs\""))
    }

    @Test("diagrams keep their source, and are drawn where that is possible")
    func diagrams() {
        let document = HostileMarkdownTests.render("```mermaid\nA-->B\n```")
        #expect(document.hasDiagrams)
        #expect(document.html.string.contains("data-island=\"/assets/0/mermaid.mjs\""))
        #expect(document.html.string.contains("<pre class=\"mermaid\" tabindex=\"0\"><code>A--&gt;B\n</code></pre>"))
        let plain = CardMarkdown(PageContext(t: L10n(.english), now: 0)).render(
            "```mermaid\nA\n```\n$$a$$", links: .discussion)
        #expect(!plain.html.string.contains("data-island"))
    }

    @Test("HTML of people's own is balanced, and Markdown within it is read")
    func markup() {
        #expect(
            html("<div align=\"center\" onclick=x>\n\n**a**\n\n</div>")
                == "<div align=\"center\">\n<p><strong>a</strong></p>\n</div>")
        #expect(html("<p>a<p>b") == "<p>a</p><p>b\n</p>")
        #expect(html("<ul><li>a<li>b</ul>") == "<ul><li>a</li><li>b</li></ul>")
        #expect(html("<table><tr><td>a<td>b</table>").contains("<tr><td>a</td><td>b</td></tr></table>"))
        #expect(
            html("<details open><summary>a</summary>\n\n- b\n\n</details>").hasPrefix(
                "<details open><summary>a</summary>"))
        #expect(html("a <kbd>b</kbd> <b>c") == "<p>a <kbd>b</kbd> <b>c</b></p>")
        #expect(html("a <script>b *c* </script> d") == "<p>a  d</p>")
        #expect(html("<svg onload=x>\n\na") == "<p>a</p>")
        #expect(html("<a name=\"X y\"></a>\n\n[z](#x-y)").contains("id=\"md-x-y\""))
        #expect(html("<!-- a -->b") == "b")
        #expect(
            html(
                "<picture><source media=\"(prefers-color-scheme: dark)\" srcset=\"d.png 2x\"><img src=l.png></picture>"
            )
            .contains(
                "<source srcset=\"/acme/bert/resolve/main/docs/d.png 2x\" media=\"(prefers-color-scheme: dark)\">"))
    }

    @Test("quotes may be notices")
    func alerts() {
        #expect(
            html("> [!TIP]\n> a *b*")
                == "<div class=\"md-alert md-alert-tip\"><p class=\"md-alert-title\">Tip</p><p>a <em>b</em></p>\n</div>"
        )
        #expect(html("> [!OTHER]\n> a").hasPrefix("<blockquote>"))
    }

    @Test("names lead to people in discussions alone, and not in code or links")
    func mentions() {
        let text = html("@acme, a@b `@c` [@d](e) #12 @f_g. (@h)", mentions: true)
        #expect(text.contains("<a class=\"md-mention\" href=\"/acme\">@acme</a>,"))
        #expect(text.contains("href=\"/f_g\">@f_g</a>. (<a class=\"md-mention\" href=\"/h\">@h</a>)"))
        #expect(!text.contains("href=\"/c\"") && !text.contains("href=\"/d\"") && text.contains("#12"))
        #expect(!html("@acme").contains("md-mention"))
    }

    @Test("metadata is cut off in front")
    func frontMatter() {
        let split = FrontMatter(splitting: "---\na: b\n---\n# C")
        #expect(split.yaml == "a: b\n")
        #expect(split.body == "# C")
        #expect(FrontMatter(splitting: "\u{FEFF}---\r\na: b\r\n---\r\nC").body == "C")
        for text in ["# C", "---\na: b", "----\na\n---\n", ""] {
            #expect(FrontMatter(splitting: text).yaml == nil)
            #expect(FrontMatter(splitting: text).body == text)
        }
    }
}

extension String {
    fileprivate var trimmingLines: String {
        var text = self[...]
        while text.last == "\n" { text = text.dropLast() }
        while text.first == "\n" { text = text.dropFirst() }
        return String(text)
    }
}
