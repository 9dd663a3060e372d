// Loaded before the app. Playwright starts every Electron with the basic password store, which protects nothing; what a
// test asks for comes after it and counts.
const { app } = require('electron');

app.commandLine.appendSwitch('password-store', process.env.ROADBOOK_TEST_PASSWORD_STORE);
