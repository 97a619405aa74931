# The page on which a phone comes to trust the authority of a demo.
trust-title = Trust the certificate of this demo
trust-why = The demo made its own certificate, which your phone does not know yet. Until it trusts the demo's authority, the page works only while there is a network. The authority can vouch for this machine and for private networks only.
trust-certificate = Download the authority's certificate
trust-step-apple = iPhone and iPad: open this page in Safari, download the certificate and allow the profile. In Settings, General, VPN & Device Management, install the profile. Then switch it on in Settings, General, About, Certificate Trust Settings.
trust-step-android = Android: download the certificate. Search the settings for "certificate", choose to install a CA certificate from storage, and open the downloaded file.
trust-step-computer = Computer: import the certificate as a trusted root authority, in the settings of the browser or of the system.
trust-step-wechat = WeChat trusts no certificate of your own: open the page in the phone's browser.
trust-step-remove = Remove the certificate from the phone when you have finished trying the demo.
trust-page = Open the phone page
