/// Signing in, and what is somebody's own.
extension L10n {
    package var userName: String { pick(en: "User name", zh: "用户名") }
    package var password: String { pick(en: "Password", zh: "密码") }
    package var signInWrong: String { pick(en: "The name or the password is wrong.", zh: "用户名或密码错误。") }
    package var signInTooOften: String {
        pick(en: "Too many attempts. Wait a little and try again.", zh: "尝试次数过多，请稍后再试。")
    }
}
