# 手机信任演示环境证书的页面。
trust-title = 信任本演示环境的证书
trust-why = 演示环境使用自制证书，手机尚不认识。在手机信任其签发机构之前，页面只能联网使用。该机构只能为本机和内部网络签发证书。
trust-certificate = 下载签发机构证书
trust-step-apple = iPhone、iPad：用 Safari 打开本页，下载证书并允许安装描述文件；在“设置—通用—VPN 与设备管理”中安装该描述文件；再到“设置—通用—关于本机—证书信任设置”中启用。
trust-step-android = 安卓手机：下载证书，在系统设置中搜索“证书”，选择从存储设备安装 CA 证书，打开下载的文件。
trust-step-computer = 电脑：在浏览器或系统设置中，将证书导入“受信任的根证书颁发机构”。
trust-step-wechat = 微信不接受自行安装的证书：请用手机浏览器打开页面。
trust-step-remove = 试用结束后，请从手机中删除该证书。
trust-page = 打开手机页面
