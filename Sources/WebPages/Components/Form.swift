/// Forms and what stands in them. Every form works without scripts.
package enum Form {
    /// The hidden field by which the hub knows that its own page sent a form.
    package static func guardField(_ context: PageContext) -> HTML {
        "<input type=\"hidden\" name=\"csrf\" value=\"\(context.csrf)\">"
    }

    /// A form that changes something.
    package static func post(_ action: String, _ context: PageContext, class name: String = "form", _ content: HTML)
        -> HTML
    {
        "<form class=\"\(name)\" method=\"post\" action=\(url: action)>\(guardField(context))\(content)</form>"
    }

    /// A button that alone makes a form.
    package static func button(
        _ label: String, to action: String, fields: [(name: String, value: String)] = [], style: Button.Style = .plain,
        icon: String? = nil, _ context: PageContext
    ) -> HTML {
        let hidden = fields.map { field -> HTML in
            "<input type=\"hidden\" name=\"\(field.name)\" value=\"\(field.value)\">"
        }
        return post(
            action, context, class: "form-inline", "\(each: hidden)\(Button.submit(label, style: style, icon: icon))")
    }

    /// A labelled control, with what it is for and what was wrong with it.
    package static func field(
        _ label: String, for id: String, hint: String? = nil, problem: String? = nil, _ control: HTML
    )
        -> HTML
    {
        """
        <div class="field"><label for="\(id)">\(label)</label>\(control)\
        \(hint.map { hint -> HTML in "<p class=\"hint\" id=\"\(id)-hint\">\(hint)</p>" })\
        \(problem.map { problem -> HTML in "<p class=\"problem\" id=\"\(id)-problem\">\(problem)</p>" })</div>
        """
    }

    /// One line of text.
    package static func input(
        _ name: String, id: String, value: String? = nil, type: String = "text", placeholder: String? = nil,
        required: Bool = false, autocomplete: String? = nil, maximum: Int? = nil, describedBy: String? = nil,
        isWrong: Bool = false
    ) -> HTML {
        """
        <input id="\(id)" name="\(name)" type="\(type)"\(attribute: "value", value)\
        \(attribute: "placeholder", placeholder)\(flag: "required", required)\
        \(attribute: "autocomplete", autocomplete)\(attribute: "maxlength", maximum.map { String($0) })\
        \(attribute: "aria-describedby", describedBy)\(attribute: "aria-invalid", isWrong ? "true" : nil)>
        """
    }

    /// A choice among few.
    package static func select(
        _ name: String, id: String, options: [(value: String, label: String)], selected: String? = nil
    ) -> HTML {
        let choices = options.map { option -> HTML in
            "<option value=\"\(option.value)\"\(flag: "selected", option.value == selected)>\(option.label)</option>"
        }
        return "<select id=\"\(id)\" name=\"\(name)\">\(each: choices)</select>"
    }

    /// A box to tick.
    package static func checkbox(_ name: String, id: String, label: String, value: String = "on", checked: Bool = false)
        -> HTML
    {
        """
        <label class="check" for="\(id)"><input type="checkbox" id="\(id)" name="\(name)" value="\(value)"\
        \(flag: "checked", checked)><span>\(label)</span></label>
        """
    }

    /// Several lines of text.
    package static func textarea(
        _ name: String, id: String, value: String = "", rows: Int = 8, required: Bool = false, isMono: Bool = false
    ) -> HTML {
        """
        <textarea id="\(id)" name="\(name)" rows="\(rows)"\(attribute: "class", isMono ? "mono" : nil)\
        \(flag: "required", required)>
        \(value)</textarea>
        """
    }
}
