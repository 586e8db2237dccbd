module.exports = {defaultProjectFolder: "src"};
